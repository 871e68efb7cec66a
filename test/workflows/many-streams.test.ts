/** 100 answers that stream at once on one worker: each is asked for once, and no heartbeat of any is missed. */
import { createActivities } from '../../src/activities/index.ts';
import { createModelLookup } from '../../src/llm/models.ts';
import type { FakeTurn } from '../support/fake-model-server.ts';
import { activityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { openOpenAiWorld } from '../support/openai-world.ts';
import { scriptedConnections } from '../support/scripted-connections.ts';
import { scriptedModel } from '../support/scripted-model.ts';

const streams = 100;

/** Longer than the heartbeat timeout of 2 s, so that a worker that is too busy to beat would be noticed. */
const answer: FakeTurn = { text: Array.from({ length: 40 }, (_, word) => `word${word} `), gapMs: 100 };

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

test(`${streams} streams at once`, async () => {
  const { fake, provider, close } = await openOpenAiWorld(
    'openai-responses',
    {},
    {},
    { firstEventMs: 60_000, contentIdleMs: 60_000 },
  );
  try {
    fake.push(...Array.from({ length: streams }, () => answer));
    let atOnce = 0;
    const count = () => (atOnce = Math.max(atOnce, fake.ledger.filter(({ outcome }) => outcome === 'open').length));
    const complete: typeof provider.complete = (...asked) => provider.complete(...asked).finally(count);
    const counting = { profile: provider.profile, complete };
    const attempts = await Promise.all(
      Array.from({ length: streams }, async (_, index) => {
        const world = activityWorld(setting.folder, scriptedModel([]), scriptedConnections({ answers: {} }));
        const modelFor = createModelLookup({ scripted: counting });
        const activities = createActivities({ ...world.dependencies, modelFor });
        const handle = await setting.worker.start(`stream-${index}`, { ...world, activities });
        expect(await handle.result()).toMatchObject({ exitCode: 0 });
        const { events = [] } = await handle.fetchHistory();
        return events!.flatMap(({ activityTaskStartedEventAttributes: started }) => started?.attempt ?? []);
      }),
    );
    fake.assertUsedUp();
    expect(fake.ledger.map(({ outcome }) => outcome)).toEqual(Array.from({ length: streams }, () => 'answered'));
    // An attempt more would be a heartbeat that came too late.
    expect(new Set(attempts.flat())).toEqual(new Set([1]));
    expect(atOnce).toBeGreaterThan(streams / 2);
  } finally {
    await close();
  }
}, 120_000);

/** Every dialect against every fault as whole analyses: who answers in the end, after how many requests, with no key in history. */
import { createActivities } from '../../src/activities/index.ts';
import { createModelLookup } from '../../src/llm/models.ts';
import type { ModelProvider } from '../../src/llm/provider.ts';
import { activityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { fakeKey } from '../support/fake-openai.ts';
import type { FakeModelServer, Fault } from '../support/fake-model-server.ts';
import { dialects, faults } from '../support/model-faults.ts';
import { scriptedConnections } from '../support/scripted-connections.ts';
import { reply, scriptedModel } from '../support/scripted-model.ts';

/** Short only for the silence that is the fault, patient where the machine may just be busy. */
const limitMs = { silent: 1_000, other: 20_000 };

const rows = Object.keys(dialects).flatMap((dialect) =>
  faults.map(([fault, , kind, retried]) => ({ dialect, fault, kind, retried })),
);

type Ended = {
  readonly exitCode: number;
  readonly headline: string;
  /** Sentences of the report about models that gave way. */
  readonly told: readonly string[];
  /** Requests to the first model, and to the one that may take over. */
  readonly asked: readonly [number, number];
  readonly history: string;
};

let setting: AnalysisSetting;
const ended = new Map<string, Ended>();

// All at once: each of them mostly waits.
beforeAll(async () => {
  setting = await openAnalysisSetting();
  await Promise.all(
    Object.entries(dialects).flatMap(([dialect, open]) =>
      faults.map(async ([name, fault, kind]) => {
        const limits = {
          firstEventMs: kind === 'FirstEventTimeout' ? limitMs.silent : limitMs.other,
          contentIdleMs: kind === 'IdleTimeout' ? limitMs.silent : limitMs.other,
        };
        const { server, provider } = await open(limits);
        try {
          ended.set(`${dialect} ${name}`, await analysed(`${dialect}-${ended.size}-${name}`, fault, server, provider));
        } finally {
          await server.close();
        }
      }),
    ),
  );
}, firstStartMs);

afterAll(() => setting?.close());

async function analysed(id: string, fault: Fault, server: FakeModelServer, first: ModelProvider): Promise<Ended> {
  server.push({ text: ['One ', 'two ', 'three.'], fault }, { text: ['All is ', 'well.'] });
  const second = scriptedModel([reply('The other one answers.')]);
  const world = activityWorld(setting.folder, second, scriptedConnections({ answers: {} }));
  const firstRef = first.profile.ref;
  const activities = createActivities({
    ...world.dependencies,
    modelFor: createModelLookup({ [firstRef]: first, 'other/model': second }),
    profileFor: () => undefined,
    candidatesFor: () => Promise.resolve([firstRef, 'other/model']),
  });
  const handle = await setting.worker.start(id.replaceAll(/\W+/g, '-'), { ...world, activities });
  const { exitCode } = await handle.result();
  const { submission } = world.delivered[0]!;
  const history = JSON.stringify(await handle.fetchHistory(), (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  return {
    exitCode,
    headline: submission.headline,
    told: submission.limits.filter((sentence) => sentence.includes('took over')),
    asked: [server.ledger.length, second.requests.length],
    history,
  };
}

test.each(rows)('$dialect, $fault', ({ dialect, fault, kind, retried }) => {
  const { history, ...state } = ended.get(`${dialect} ${fault}`)!;
  // A provider that is silent from the start is not asked again where another one can answer.
  const isByFirst = retried && kind !== 'FirstEventTimeout';
  const byFirst = { exitCode: 0, headline: 'All is well.', told: [], asked: [2, 0] };
  const byOther = {
    exitCode: 0,
    headline: 'The other one answers.',
    told: [expect.stringMatching(/could not go on .*; other\/model took over\.$/)],
    asked: [1, 1],
  };
  expect(state).toEqual(isByFirst ? byFirst : byOther);
  expect(history).toContain(`Model.${kind}`);
  expect(history).not.toContain(fakeKey);
});

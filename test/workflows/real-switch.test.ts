/** From one provider to the next in the middle of a conversation with reasoning and calls in it, over each two of the dialects. */
import { createActivities } from '../../src/activities/index.ts';
import { createModelLookup } from '../../src/llm/models.ts';
import { activityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { dialects } from '../support/model-faults.ts';
import { scriptedConnections, tableResult } from '../support/scripted-connections.ts';
import { scriptedModel } from '../support/scripted-model.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

const names = Object.keys(dialects);
const pairs = names.flatMap((first) => names.filter((name) => name !== first).map((second) => ({ first, second })));

const count = (sql: string) => [{ name: 'lake__query', arguments: { sql } }];

/** Where reasoning goes back: as words, or sealed by the model's name. */
const ownReasoning: Readonly<Record<string, string | undefined>> = {
  'anthropic-messages': 'Second thought.',
  'openai-responses': 'sealed:gpt-6.1-sol:1',
};

test.each(pairs)('from $first to $second', async ({ first, second }) => {
  const [from, to] = [await dialects[first]!({}), await dialects[second]!({})];
  try {
    from.server.push(
      { reasoning: 'First thought.', text: ['I will ', 'count.'], calls: count('SELECT 1 AS n') },
      { fault: { kind: 'complaint', complaint: 'auth' } },
    );
    to.server.push({ reasoning: 'Second thought.', calls: count('SELECT 2 AS n') }, { text: 'All is counted.' });
    const answers = { lake__query: [tableResult(11), tableResult(22)] };
    const world = activityWorld(setting.folder, scriptedModel([]), scriptedConnections({ answers }));
    const refs = [from.provider.profile.ref, to.provider.profile.ref] as const;
    const byRef = { [refs[0]]: from.provider, [refs[1]]: to.provider };
    const activities = createActivities({
      ...world.dependencies,
      modelFor: createModelLookup(byRef),
      profileFor: (ref) => byRef[ref]?.profile,
      candidatesFor: () => Promise.resolve(refs),
    });
    const outcome = await setting.worker.run(`switch-${first}-${second}`, { ...world, activities });
    expect(outcome).toMatchObject({ exitCode: 0, headline: 'All is counted.' });
    // Fails when anything was refused that was asked of either.
    from.server.assertUsedUp();
    to.server.assertUsedUp();
    expect(world.delivered[0]?.submission.limits.at(-1)).toMatch(`${refs[0]} could not go on`);
    const [taken, gone] = to.server.ledger.map(({ body }) => JSON.stringify(body));
    for (const said of ['Count the sales', 'I will count.', 'SELECT 1 AS n', String.raw`\"11\"`])
      expect(taken).toContain(said);
    expect(taken).not.toContain('First thought');
    expect(taken).not.toContain('sealed:');
    // What it thought itself over a conversation that another one began goes back to it.
    for (const said of ['SELECT 1 AS n', 'SELECT 2 AS n', String.raw`\"22\"`, ownReasoning[second] ?? ''])
      expect(gone).toContain(said);
  } finally {
    await from.server.close();
    await to.server.close();
  }
});

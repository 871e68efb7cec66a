/** A plan that a model writes as JSON, because it is held to that shape or has no tools, is accepted like one it states. */
import { setTimeout as delay } from 'node:timers/promises';
import { decideUpdate, pendingQuery } from '../../src/workflows/messages.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { scriptedConnections, tableResult } from '../support/scripted-connections.ts';
import { reply, scriptedModel, type ScriptedReply } from '../support/scripted-model.ts';
import { finding, query, submit } from '../support/script-pieces.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

const approvals = { plan: 'ask', withinMs: 600_000 } as const;

const written = reply('{"steps": [{"title": "Count sales", "state": "open", "datasets": ["sales"]}]}');

const rest = [reply('', [query('c1')]), reply('', [submit('s', finding('There are {0} sales.', 3, 'c1'))])];

function world(replies: readonly ScriptedReply[]): ActivityWorld {
  const tools = scriptedConnections({ answers: { lake__query: async () => tableResult(3) } });
  return activityWorld(setting.folder, scriptedModel(replies), tools);
}

/** Starts it, says yes to the plan, and gives what was asked. */
async function accepted(id: string, mine: ActivityWorld) {
  const handle = await setting.worker.start(id, mine, { approvals });
  let asks;
  while ((asks = await handle.query(pendingQuery)).length === 0) await delay(20);
  await handle.executeUpdate(decideUpdate, { args: [{ call: asks[0]!.id, decision: 'approve', by: 'somebody' }] });
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  mine.model.assertUsedUp();
  return asks[0];
}

test('the model is held to the shape of a plan until there is one, and goes on after the yes', async () => {
  const mine = world([written, ...rest]);
  expect(await accepted('written', mine)).toMatchObject({
    kind: 'plan',
    plan: { steps: [{ title: 'Count sales', state: 'open', datasets: ['sales'] }] },
  });
  expect(mine.model.requests.map(({ output }) => output?.name)).toEqual(['plan', undefined, undefined]);
  expect(mine.connections.calls.length).toBeGreaterThan(0);
});

test.each([
  ['words', reply('I would count the sales.'), /found words/],
  ['no step', reply('{"steps": []}'), /found no step/],
  ['half of it', reply('{"steps": [{"title"}'), /not valid JSON/],
])('%s: what is wrong is told, and the plan is sent again', async (name, wrong, words) => {
  const mine = world([wrong, written, ...rest]);
  await accepted(`repaired-${name}`, mine);
  expect(JSON.stringify(mine.model.requests[1]?.messages.at(-1))).toMatch(words);
  expect(mine.model.requests.map(({ output }) => output?.name)).toEqual(['plan', 'plan', undefined, undefined]);
});

test('a stated plan that is none is told as the result of its call', async () => {
  const stated = reply('', [{ id: 'p1', name: 'set_plan', arguments: { steps: 'all of them' } }]);
  const mine = world([stated, written, ...rest]);
  await accepted('stated', mine);
  expect(JSON.stringify(mine.model.requests[1]?.messages.at(-1))).toMatch(/no list of steps/);
});

test('a model that will not plan is asked once more, not for ever', async () => {
  const mine = world([reply('No.'), reply('No.')]);
  const handle = await setting.worker.start('never', mine, { approvals });
  await handle.result();
  mine.model.assertUsedUp();
  expect(mine.connections.calls).toEqual([]);
});

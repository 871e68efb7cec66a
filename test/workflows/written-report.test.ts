/** A report that a model writes as JSON, because it is held to that shape or has no tools, counts like one it submits. */
import type { Finding } from '../../src/analysis/evidence.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { scriptedConnections, tableResult } from '../support/scripted-connections.ts';
import { reply, scriptedModel, type ScriptedReply } from '../support/scripted-model.ts';
import { finding, query } from '../support/script-pieces.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

function world(replies: readonly ScriptedReply[]): ActivityWorld {
  const tools = scriptedConnections({ answers: { lake__query: async () => tableResult(3) } });
  return activityWorld(setting.folder, scriptedModel(replies), tools);
}

function written(...findings: readonly Finding[]): ScriptedReply {
  return reply(JSON.stringify({ headline: 'Sales were counted.', findings, limits: [] }));
}

const right = finding('There are {0} sales.', 3, 'c1');

test('the last call is held to the shape of a report, and its numbers are checked', async () => {
  const mine = world([reply('', [query('c1')]), written(right)]);
  const outcome = await setting.worker.run('last-call', mine, { maxSteps: 2 });
  mine.model.assertUsedUp();
  expect(outcome).toMatchObject({ exitCode: 0, headline: 'Sales were counted.' });
  expect(mine.delivered[0]?.verdicts).toEqual([{ kind: 'verified' }]);
  expect(mine.model.requests.map(({ output }) => output?.name)).toEqual([undefined, 'report']);
});

test('a written report that cannot be used is sent again once, with what is wrong with it', async () => {
  const wrong = reply('{"headline": "Counted.", "findings": [{"statement": 3}], "limits": []}');
  const mine = world([reply('', [query('c1')]), wrong, written(right)]);
  expect(await setting.worker.run('repaired', mine)).toMatchObject({ exitCode: 0, headline: 'Sales were counted.' });
  mine.model.assertUsedUp();
  const asked = mine.model.requests[2];
  expect(asked?.output?.name).toBe('report');
  expect(JSON.stringify(asked?.messages.at(-1))).toMatch(/cannot be used as it is.*findings\[0\]/);
});

test('a wrong number in it is told in words', async () => {
  const mine = world([reply('', [query('c1')]), written(finding('There are {0} sales.', 4, 'c1')), written(right)]);
  expect(await setting.worker.run('wrong-number', mine)).toMatchObject({ exitCode: 0 });
  mine.model.assertUsedUp();
  expect(mine.model.requests[2]?.messages.at(-1)).toMatchObject({ role: 'user' });
  expect(mine.delivered.at(-1)?.verdicts).toEqual([{ kind: 'verified' }]);
});

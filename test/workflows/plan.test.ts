/** Plans that a person accepts before anything is read: accepted, changed, denied, redirected, paused. */
import { setTimeout as delay } from 'node:timers/promises';
import { pendingQuery, statusQuery, type AnalysisInput } from '../../src/workflows/messages.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { decide, decisionTools, pending, rejected } from '../support/decisions.ts';
import { scriptedConnections, tableResult, type ScriptedServers } from '../support/scripted-connections.ts';
import { reply, scriptedModel, type ScriptedReply } from '../support/scripted-model.ts';
import { finding, query, resultsSeen, submit } from '../support/script-pieces.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

function world(replies: readonly ScriptedReply[], answers: ScriptedServers['answers'] = {}): ActivityWorld {
  return activityWorld(setting.folder, scriptedModel(replies), scriptedConnections({ answers, tools: decisionTools }));
}

const week = { withinMs: 7 * 24 * 3_600_000 };

const plan = { id: 'p1', name: 'set_plan', arguments: { steps: [{ title: 'Count sales', datasets: ['sales'] }] } };

const planning: Partial<AnalysisInput> = { approvals: { ...week, plan: 'ask' } };

test('with a plan to accept nothing is read before the yes; looking at what there is is free', async () => {
  const mine = world(
    [
      reply('', [{ id: 'l1', name: 'lake__list' }, query('c0')]),
      reply('', [plan, query('c1')]),
      reply('', [submit('s', finding('There are {0} sales.', 3, 'c1'))]),
    ],
    { lake__list: async () => tableResult('sales'), lake__query: async () => tableResult(3) },
  );
  const handle = await setting.worker.start('plan', mine, planning);
  const [ask] = await pending(handle);
  expect(ask).toMatchObject({ kind: 'plan', plan: { steps: [{ title: 'Count sales', datasets: ['sales'] }] } });
  expect(mine.connections.calls.map(({ tool }) => tool)).not.toContain('lake__query');
  expect(JSON.stringify(mine.model.requests[1]!.messages)).toContain('plan has to be accepted');
  expect(mine.model.requests[0]!.system).toContain('before any data is read');
  await decide(handle, ask!.id, 'approve');
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  mine.model.assertUsedUp();
});

test('a changed plan is told to the model instead of its own', async () => {
  const mine = world([reply('', [plan, query('c1')]), reply('', [submit('s')])], {
    lake__list: async () => tableResult('x'),
  });
  const handle = await setting.worker.start('plan-edit', mine, planning);
  const [ask] = await pending(handle);
  expect(await rejected(decide(handle, ask!.id, 'approve', { arguments: { steps: 'all' } }))).toContain(
    'at least one step',
  );
  await decide(handle, ask!.id, 'approve', { arguments: { steps: [{ title: 'Count customers' }] } });
  await handle.result();
  expect(JSON.stringify(mine.model.requests[1]!.messages.at(-1))).toContain('Count customers');
  expect((await handle.query(statusQuery)).plan).toMatchObject({ steps: [{ title: 'Count customers' }] });
});

test('a denied plan ends the analysis with exit code 6; a redirect asks for another one', async () => {
  const mine = world([reply('', [plan]), reply('', [{ ...plan, id: 'p2' }])], {
    lake__list: async () => tableResult('x'),
  });
  const handle = await setting.worker.start('plan-deny', mine, planning);
  const [first] = await pending(handle);
  await handle.signal('redirect', { text: 'by region' });
  while ((await handle.query(pendingQuery))[0]?.id === first!.id) await delay(20);
  const [second] = await pending(handle);
  expect(second!.id).not.toBe(first!.id);
  // Who has seen the first plan only does not decide on the second.
  expect(await rejected(decide(handle, first!.id, 'approve'))).toContain(`What waits: ${second!.id}`);
  expect(await rejected(decide(handle, 'plan', 'approve'))).toContain(`What waits: ${second!.id}`);
  await decide(handle, second!.id, 'deny', { reason: 'too dear' });
  expect(await handle.result()).toMatchObject({ exitCode: 6 });
  expect(mine.delivered[0]!.submission.limits.join()).toContain('too dear');
  mine.model.assertUsedUp();
});

test('a pause while a plan waits asks nothing of what belongs to it, and the plan waits on after it', async () => {
  const mine = world([reply('', [plan, query('c1')]), reply('', [submit('s')])], {
    lake__list: async () => tableResult('x'),
    lake__query: async () => tableResult(3),
  });
  const handle = await setting.worker.start('plan-pause', mine, planning);
  const [first] = await pending(handle);
  await handle.signal('pause');
  while ((await handle.query(statusQuery)).status !== 'paused') await delay(20);
  expect(mine.model.requests).toHaveLength(1);
  await handle.signal('resume');
  while ((await handle.query(statusQuery)).status !== 'waiting') await delay(20);
  expect(await handle.query(pendingQuery)).toEqual([first]);
  await decide(handle, first!.id, 'approve');
  await handle.result();
  // The query of the plan's turn was made once, after the yes: never refused for want of one.
  expect(resultsSeen(mine.model.requests[1]).find(({ callId }) => callId === 'c1')).toMatchObject({ ok: true });
});

test('a redirect while a plan waits cancels the calls that came with it', async () => {
  const mine = world([reply('', [plan, query('c1')]), reply('', [{ ...plan, id: 'p2' }])], {
    lake__list: async () => tableResult('x'),
  });
  const handle = await setting.worker.start('plan-redirect', mine, planning);
  const [first] = await pending(handle);
  await handle.signal('redirect', { text: 'by region' });
  while ((await handle.query(pendingQuery))[0]?.id === first!.id) await delay(20);
  const [second] = await pending(handle);
  expect(resultsSeen(mine.model.requests[1]).find(({ callId }) => callId === 'c1')).toMatchObject({
    text: expect.stringContaining('Cancelled') as string,
  });
  await decide(handle, second!.id, 'deny');
  await handle.result();
});

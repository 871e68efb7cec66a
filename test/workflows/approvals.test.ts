/** Approvals, questions and plans on a real service: what waits, who decides, and what the model is told. */
import { setTimeout as delay } from 'node:timers/promises';
import { answerUpdate, pendingQuery, statusQuery } from '../../src/workflows/messages.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { decide, decisionTools, pending, rejected, write } from '../support/decisions.ts';
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

test('a call that writes waits, is shown as it is, and runs once it is approved; others of the turn go on meanwhile', async () => {
  const mine = world(
    [reply('', [write('w1'), query('c1')]), reply('', [submit('s', finding('There are {0} sales.', 3, 'c1'))])],
    { lake__write: [tableResult(1)], lake__query: async () => tableResult(3) },
  );
  const handle = await setting.worker.start('approve', mine);
  const [ask] = await pending(handle);
  expect(ask).toMatchObject({
    kind: 'call',
    callId: 'w1',
    name: 'lake__write',
    arguments: '{"sql":"DELETE FROM sales"}',
    why: 'it has the effect "write"',
  });
  while (!mine.connections.calls.some(({ tool }) => tool === 'lake__query')) await delay(20);
  expect(mine.connections.calls.some(({ tool }) => tool === 'lake__write')).toBe(false);
  expect(await handle.query(statusQuery)).toMatchObject({
    status: 'waiting',
    waitsFor: [{ id: ask!.id, kind: 'call' }],
  });
  // Nothing is under way: the wait costs no slot of a worker.
  while (((await handle.describe()).raw.pendingActivities ?? []).length > 0) await delay(20);
  expect((await handle.describe()).searchAttributes).toMatchObject({ DpaStatus: ['waiting'] });
  expect(await decide(handle, ask!.id, 'approve')).toEqual({ call: ask!.id, decision: 'approved by ada' });
  expect(await handle.result()).toMatchObject({ status: 'completed', exitCode: 0 });
  expect(mine.connections.calls.filter(({ tool }) => tool === 'lake__write')).toHaveLength(1);
  mine.model.assertUsedUp();
});

test('a denied call is not run: the model reads the reason, the report says it, and the exit code is 6', async () => {
  const mine = world([reply('', [write('w1')]), reply('', [submit('s')])]);
  const handle = await setting.worker.start('deny', mine);
  const [ask] = await pending(handle);
  await decide(handle, ask!.id, 'deny', { reason: 'not on a Friday' });
  expect(await handle.result()).toMatchObject({ exitCode: 6 });
  expect(resultsSeen(mine.model.requests[1])[0]).toMatchObject({
    ok: false,
    text: expect.stringContaining('denied by ada: not on a Friday') as string,
  });
  expect(mine.delivered[0]!.submission.limits.join()).toContain('denied by ada: not on a Friday');
  expect(mine.connections.calls).toEqual([]);
});

test('an approval with changed arguments runs what the person wrote, and the model is told', async () => {
  const mine = world([reply('', [write('w1')]), reply('', [submit('s')])], { lake__write: [tableResult(1)] });
  const handle = await setting.worker.start('edit', mine);
  const [ask] = await pending(handle);
  expect(await rejected(decide(handle, ask!.id, 'approve', { arguments: { statement: 'x' } }))).toContain(
    'sql: is missing',
  );
  expect(await handle.query(pendingQuery)).toHaveLength(1);
  await decide(handle, ask!.id, 'approve', { arguments: { sql: 'DELETE FROM sales WHERE test' } });
  await handle.result();
  expect(mine.connections.calls.map((call) => call.arguments)).toEqual([{ sql: 'DELETE FROM sales WHERE test' }]);
  const last = mine.model.requests[1]!.messages.at(-1)!;
  expect(last).toMatchObject({ role: 'user' });
  expect(JSON.stringify(last)).toContain('DELETE FROM sales WHERE test');
});

test('of two who decide at once one wins, the other is told; what was never asked is told what waits', async () => {
  const mine = world([reply('', [write('w1')]), reply('', [submit('s')])], { lake__write: [tableResult(1)] });
  const handle = await setting.worker.start('two', mine);
  const [ask] = await pending(handle);
  expect(await rejected(decide(handle, 'deadbeef0000', 'approve'))).toContain(`What waits: ${ask!.id}`);
  const both = await Promise.all([
    rejected(decide(handle, ask!.id, 'approve', { by: 'ada' })),
    rejected(decide(handle, ask!.id, 'approve', { by: 'ben' })),
  ]);
  expect(both.filter((said) => said === 'accepted')).toHaveLength(1);
  expect(both.find((said) => said !== 'accepted')).toMatch(/approved by (ada|ben)/);
  await handle.result();
  expect(mine.connections.calls).toHaveLength(1);
});

test('"always" decides the same tool for the rest of the analysis, also what waits beside it', async () => {
  const mine = world(
    [reply('', [write('w1'), write('w2', 'DELETE FROM b')]), reply('', [write('w3')]), reply('', [submit('s')])],
    { lake__write: async () => tableResult(1) },
  );
  const handle = await setting.worker.start('always', mine);
  const asks = await pending(handle, 2);
  await decide(handle, asks[0]!.id, 'approve', { always: true });
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  expect(mine.connections.calls).toHaveLength(3);
});

test.each([
  ['unattended', { withinMs: 60_000, unattended: true }, 'nobody is asked'],
  ['in time', { withinMs: 300 }, 'nobody decided in time'],
  ['read-only', { withinMs: 60_000, readOnly: true }, 'may only read'],
] as const)('nobody who decides (%s) means no', async (name, approvals, reason) => {
  const mine = world([reply('', [write('w1')]), reply('', [submit('s')])]);
  const outcome = await setting.worker.run(`nobody-${name.replace(' ', '-')}`, mine, { approvals });
  expect(resultsSeen(mine.model.requests[1])[0]).toMatchObject({ text: expect.stringContaining(reason) as string });
  expect(outcome.exitCode).toBe(name === 'read-only' ? 0 : 6);
  expect(mine.connections.calls).toEqual([]);
});

test('a pause keeps what waits and its deadline; a redirect answers the call as cancelled', async () => {
  const mine = world([reply('', [write('w1')]), reply('Turned.')]);
  const handle = await setting.worker.start('pause-wait', mine);
  const [ask] = await pending(handle);
  await handle.signal('pause', { by: 'ada' });
  while ((await handle.query(statusQuery)).status !== 'paused') await delay(20);
  await handle.signal('resume');
  while ((await handle.query(statusQuery)).status !== 'waiting') await delay(20);
  expect(await handle.query(pendingQuery)).toEqual([ask]);
  await handle.signal('redirect', { text: 'do not write' });
  await handle.result();
  expect(await handle.query(pendingQuery)).toEqual([]);
  expect(JSON.stringify(mine.model.requests[1]!.messages)).toContain('do not write');
});

test('a decision for a call that has changed meanwhile is refused, also under the id that the model gives both', async () => {
  const mine = world(
    [reply('', [write('w1')]), reply('', [write('w1', 'DROP TABLE sales')]), reply('', [submit('s')])],
    { lake__write: [tableResult(1)] },
  );
  const handle = await setting.worker.start('changed-call', mine);
  const [first] = await pending(handle);
  await handle.signal('redirect', { text: 'not so' });
  while ((await pending(handle))[0]!.id === first!.id) await delay(20);
  const [second] = await pending(handle);
  expect(second!.id).not.toBe(first!.id);
  for (const stale of [first!.id, 'w1'])
    expect(await rejected(decide(handle, stale, 'approve'))).toContain(`What waits: ${second!.id}`);
  expect(mine.connections.calls).toEqual([]);
  await decide(handle, second!.id, 'deny');
  await handle.result();
});

test('a decision that comes while it is paused counts', async () => {
  const mine = world([reply('', [write('w1')]), reply('', [submit('s')])], { lake__write: [tableResult(1)] });
  const handle = await setting.worker.start('decide-paused', mine);
  const [ask] = await pending(handle);
  await handle.signal('pause');
  while ((await handle.query(statusQuery)).status !== 'paused') await delay(20);
  await decide(handle, ask!.id, 'approve');
  await handle.signal('resume');
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  expect(mine.connections.calls).toHaveLength(1);
});

test('the model may ask: free words or a choice come back as the result of its call', async () => {
  const question = { id: 'q1', name: 'ask_person', arguments: { question: 'Which year?', choices: ['2025', '2026'] } };
  const mine = world([reply('', [question]), reply('', [submit('s')])]);
  const handle = await setting.worker.start('question', mine);
  const [ask] = await pending(handle);
  expect(ask).toMatchObject({ kind: 'question', text: 'Which year?', choices: ['2025', '2026'] });
  expect(await rejected(decide(handle, ask!.id, 'approve'))).toContain('answer it');
  await handle.executeUpdate(answerUpdate, { args: [{ question: ask!.id, text: '2026', by: 'ada' }] });
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(resultsSeen(mine.model.requests[1])[0]!.text)).toEqual({ ok: true, answer: '2026', by: 'ada' });
});

test('a question that nobody answers is decided by the model, without a refusal', async () => {
  const question = { id: 'q1', name: 'ask_person', arguments: { question: 'Which year?' } };
  const mine = world([reply('', [question]), reply('', [submit('s')])]);
  const outcome = await setting.worker.run('no-answer', mine, { approvals: { withinMs: 200 } });
  expect(resultsSeen(mine.model.requests[1])[0]!.text).toContain('decide yourself');
  expect(outcome.exitCode).toBe(0);
});

test.each([
  ['decide', undefined, 'one JSON object'],
  ['decide', { call: 3 }, '"call"'],
  ['decide', { call: 'x', decision: 'maybe' }, '"decision"'],
  ['decide', { call: 'x', decision: 'deny', arguments: {} }, 'only with an approval'],
  ['answer', { question: 'x', text: ' ' }, '"text"'],
])('%s with %j is rejected in words and leaves nothing in history', async (name, payload, words) => {
  const mine = world([reply('', [write('w1')]), reply('', [submit('s')])]);
  const id = `shape-${name}-${words.length}-${JSON.stringify(payload ?? null).length}`;
  const handle = await setting.worker.start(id, mine);
  const [ask] = await pending(handle);
  const before = (await handle.fetchHistory()).events!.length;
  expect(await rejected(handle.executeUpdate(name, { args: [payload] }))).toContain(words);
  const kinds = (await handle.fetchHistory()).events!.slice(before).map((event) => event.eventType);
  expect(kinds.filter((kind) => String(kind).includes('UPDATE'))).toEqual([]);
  await decide(handle, ask!.id, 'deny');
  await handle.result();
  expect(await rejected(decide(handle, ask!.id, 'approve'))).toMatch(/NotFound/);
});

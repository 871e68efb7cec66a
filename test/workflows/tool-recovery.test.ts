/** Tool calls that fail: tried again, answered by another tool, or put to a person; what may not run twice never does. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createActivities } from '../../src/activities/index.ts';
import { createSourceFailures } from '../../src/store/source-failures.ts';
import { ToolFailure, type ToolFailureType } from '../../src/tools/failures.ts';
import type { ToolDefinition, ToolOutcome } from '../../src/tools/connections.ts';
import { statusQuery } from '../../src/workflows/messages.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { asked, say } from '../support/asked.ts';
import { queryTool, scriptedConnections, tableResult, toolNamed } from '../support/scripted-connections.ts';
import type { ScriptedServers } from '../support/scripted-connections.ts';
import { reply, scriptedModel, type ScriptedReply } from '../support/scripted-model.ts';
import { finding, query, resultsSeen, submit } from '../support/script-pieces.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

const otherTool = toolNamed('spare__query', 'read');
const withSpare: ToolDefinition = { ...queryTool, standIns: ['spare__query'] };
/** Allowed by a rule, so that only its outcome is ever asked about. */
const writeTool = toolNamed('lake__write', 'write');

function world(replies: readonly ScriptedReply[], answers: ScriptedServers['answers'], tools = [queryTool, writeTool]) {
  const made = activityWorld(setting.folder, scriptedModel(replies), scriptedConnections({ answers, tools }));
  return made;
}

/** `dpa.yaml` of this test: nothing is asked before it runs. */
const free = { approvals: { withinMs: 3_600_000 } };

function failure(type: ToolFailureType, retryable: boolean): ToolFailure {
  return new ToolFailure(type, 'It is gone.', { retryable });
}

function sourceError(errorClass: string): ToolOutcome {
  const error = { class: errorClass, code: 'x', message: 'no route to db', retryable: true, hint: 'Is it up?' };
  return { ok: false, text: JSON.stringify({ ok: false, error }) };
}

const counted = [reply('', [query('c1')]), reply('', [submit('s', finding('There are {0} sales.', 3, 'c1'))])];

test('a source that comes back is tried again, and the report has no word of it', async () => {
  const answers = [failure('Tool.Crashed', true), sourceError('network'), tableResult(3), tableResult(3)];
  const mine = world(counted, { lake__query: answers });
  expect(await setting.worker.run('comes-back', mine)).toMatchObject({ exitCode: 0 });
  expect(mine.delivered[0]?.submission.limits).toEqual([]);
  mine.connections.assertUsedUp();
});

test('another tool takes over, answers later calls at once, is checked in the report, and both are told', async () => {
  const gone = () => failure('Tool.Unavailable', true);
  const mine = world(
    [reply('', [query('c1')]), reply('', [query('c2')]), reply('', [submit('s', finding('{0} sales.', 3, 'c1'))])],
    { lake__query: [gone(), gone(), gone()], spare__query: [tableResult(3), tableResult(4), tableResult(3)] },
    [withSpare, otherTool],
  );
  const outcome = await setting.worker.run('takes-over', mine);
  expect(outcome).toMatchObject({ exitCode: 0 });
  expect(JSON.stringify(mine.model.requests[1]?.messages.at(-1))).toContain('spare__query answered in the place');
  expect(JSON.stringify(mine.model.requests[2]?.messages.at(-1))).not.toContain('in the place');
  expect(mine.delivered[0]?.submission.limits).toEqual(['`lake__query` could not be used; `spare__query` took over.']);
  mine.connections.assertUsedUp();
});

test('a source that nothing repairs by itself is asked about; retry goes on with it', async () => {
  const mine = world(counted, { lake__query: [sourceError('auth'), tableResult(3), tableResult(3)] });
  const handle = await setting.worker.start('refused-source', mine);
  const [ask] = await asked(handle);
  expect(ask).toMatchObject({ kind: 'trouble', text: expect.stringContaining('no route to db Is it up?') as string });
  await say(handle, ask!, 'retry');
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  mine.connections.assertUsedUp();
});

test('going on without a source is said in the report with exit code 3, and it is not asked about again', async () => {
  const mine = world([reply('', [query('c1')]), reply('', [query('c2')]), reply('', [submit('s')])], {
    lake__query: [failure('Tool.Unavailable', false), failure('Tool.Unavailable', false)],
  });
  const handle = await setting.worker.start('without', mine);
  const [ask] = await asked(handle);
  await say(handle, ask!, 'without we have the numbers elsewhere');
  expect(await handle.result()).toMatchObject({ exitCode: 3 });
  expect(resultsSeen(mine.model.requests[1])[0]?.text).toContain('we have the numbers elsewhere');
  expect(mine.delivered[0]?.submission.limits.join()).toContain('`lake__query`');
});

test('unattended nobody is waited for: the model is told, and what is missing is reported with exit code 3', async () => {
  const mine = world([reply('', [query('c1')]), reply('', [submit('s')])], {
    lake__query: [failure('Tool.Unavailable', false)],
  });
  const outcome = await setting.worker.run('unattended-source', mine, { approvals: { unattended: true } });
  expect(outcome).toMatchObject({ exitCode: 3 });
});

/** One write, allowed beforehand. */
async function started(id: string, replies: readonly ScriptedReply[], answers: ScriptedServers['answers']) {
  const mine = world(replies, answers);
  const rules = () => [{ tool: 'lake__write', access: 'allow' as const }];
  const activities = createActivities({ ...mine.dependencies, accessRules: rules });
  const handle = await setting.worker.start(id, { activities }, free);
  return { mine: { ...mine, activities } satisfies ActivityWorld, handle };
}

const written = { id: 'w1', name: 'lake__write', arguments: { sql: 'DELETE FROM sales' } };
const writing = [reply('', [written]), reply('', [submit('s')])];

test.each([
  ['done', 1, 'It took effect, says ada'],
  ['again', 2, '"ok":true'],
  ['without it is late', 1, 'it is late'],
] as const)('a write whose server crashed is never run twice by itself: %s', async (word, runs, told) => {
  const { mine, handle } = await started(`crash-${word.slice(0, 5)}`, writing, {
    lake__write: [failure('Tool.Crashed', false), tableResult(1)],
  });
  const [ask] = await asked(handle);
  expect(ask).toMatchObject({ kind: 'trouble', text: expect.stringContaining('took effect is not known') as string });
  expect(mine.connections.calls).toHaveLength(1);
  await say(handle, ask!, word);
  await handle.result();
  expect(mine.connections.calls).toHaveLength(runs);
  expect(resultsSeen(mine.model.requests[1])[0]?.text).toContain(told);
});

test('a write that was never sent is tried again without a question', async () => {
  const { mine, handle } = await started('unsent', writing, { lake__write: [tableResult(1)] });
  const { call } = mine.connections;
  let isFirst = true;
  Object.assign(mine.connections, {
    call: (input: Parameters<typeof call>[0]) => {
      if (!isFirst) return call(input);
      isFirst = false;
      return Promise.reject(failure('Tool.Unavailable', true));
    },
  });
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  expect(mine.connections.calls).toHaveLength(1);
});

/** Never answers; ends when it is cancelled. */
function hanging({ signal }: { readonly signal: AbortSignal }): Promise<ToolOutcome> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(failure('Tool.Cancelled', false)));
  });
}

test('a write that a pause cut off is asked about when the analysis goes on', async () => {
  const { mine, handle } = await started('pause-write', writing, { lake__write: [hanging, tableResult(1)] });
  while (mine.connections.calls.length === 0) await delay(20);
  await handle.signal('pause', { by: 'ada' });
  while ((await handle.query(statusQuery)).status !== 'paused') await delay(20);
  await handle.signal('resume');
  const [ask] = await asked(handle);
  expect(ask).toMatchObject({ text: expect.stringContaining('cut off') as string });
  await say(handle, ask!, 'again');
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  expect(mine.connections.calls).toHaveLength(2);
});

test.each([
  ['done', 'took effect before it was cut off, says ada'],
  ['without', 'did not take effect, says ada'],
])('a write that a redirect cut off is asked about before the model goes on: %s', async (word, told) => {
  const { mine, handle } = await started(`redirect-write-${word}`, writing, { lake__write: [hanging] });
  while (mine.connections.calls.length === 0) await delay(20);
  await handle.signal('redirect', { text: 'only December' });
  const [ask] = await asked(handle);
  await say(handle, ask!, word);
  await handle.result();
  const last = JSON.stringify(mine.model.requests[1]?.messages.at(-1));
  expect(last).toContain(told);
  expect(last).toContain('only December');
  expect(mine.connections.calls).toHaveLength(1);
});

test('a write that ends in spite of the redirect is no unknown one', async () => {
  const { mine, handle } = await started('redirect-late', writing, {
    lake__write: [
      ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(tableResult(1)))),
    ],
  });
  while (mine.connections.calls.length === 0) await delay(20);
  await handle.signal('redirect', { text: 'only December' });
  await handle.result();
  expect(JSON.stringify(mine.model.requests[1]?.messages)).not.toContain('cut off');
});

test('a stop asks nobody: the report says that the outcome is not known', async () => {
  const { mine, handle } = await started('stop-write', writing, { lake__write: [hanging] });
  while (mine.connections.calls.length === 0) await delay(20);
  await handle.signal('stop', { by: 'ada' });
  expect(await handle.result()).toMatchObject({ exitCode: 5 });
  expect(mine.delivered[0]?.submission.limits.join()).toContain('whether it took effect is not known');
});

test('a number from a write is not checked by writing again', async () => {
  const { mine, handle } = await started(
    'cited-write',
    [reply('', [written]), reply('', [submit('s', finding('{0} rows are gone.', 1, 'w1'))]), reply('', [submit('t')])],
    { lake__write: [tableResult(1)] },
  );
  await handle.result();
  expect(mine.connections.calls).toHaveLength(1);
});

function notFound(): ToolOutcome {
  const error = {
    class: 'syntax',
    code: 'bad_statement',
    message: 'no column region',
    retryable: false,
    hint: 'Look at pg://me:hunter2hunter2@db.',
  };
  return { ok: false, text: JSON.stringify({ ok: false, error }) };
}

test('a call that failed for a lasting reason is not run again with the same arguments, until the person turns', async () => {
  const again = { ...query('c2'), arguments: { ...query('c2').arguments, purpose: 'the same in other words' } };
  const turned = Promise.withResolvers<void>();
  const mine = world(
    [
      reply('', [query('c1')]),
      reply('', [again]),
      async () => (await turned.promise, reply('', [{ ...query('x'), arguments: { sql: 'SELECT 2 AS n' } }])),
      reply('', [query('c3')]),
      reply('', [submit('s')]),
    ],
    { lake__query: [notFound(), tableResult(3)] },
  );
  const handle = await setting.worker.start('same-wall', mine);
  while (mine.model.requests.length < 3) await delay(20);
  expect(resultsSeen(mine.model.requests[2])[0]).toMatchObject({ callId: 'c2', ok: false });
  expect(resultsSeen(mine.model.requests[2])[0]?.text).toContain('no column region');
  expect(JSON.stringify(mine.model.requests[2]?.messages.at(-1))).toContain('failed before as c1');
  expect(mine.connections.calls).toHaveLength(1);
  await handle.signal('redirect', { text: 'the column is there now' });
  turned.resolve();
  await handle.result();
  expect(mine.connections.calls).toHaveLength(2);
});

test('the next analysis is told what its sources failed with, as data', async () => {
  const failures = createSourceFailures(join(setting.folder, 'sources'));
  const learned = (id: string, replies: readonly ScriptedReply[], outcomes: readonly ToolOutcome[]) => {
    const mine = world(replies, { lake__query: outcomes });
    const activities = createActivities({ ...mine.dependencies, sourceFailures: failures });
    return setting.worker.run(id, { ...mine, activities }).then(() => mine);
  };
  const first = await learned('lesson-1', [reply('', [query('c1')]), reply('', [submit('s')])], [notFound()]);
  expect(first.model.requests[0]?.system).not.toContain('Known failures');
  const second = await learned('lesson-2', [reply('', [submit('s')])], []);
  expect(second.model.requests[0]?.system).toContain(
    '- "lake__query failed once (syntax): no column region What helps: Look at pg://[redacted]@db."',
  );
});

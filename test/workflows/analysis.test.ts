import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ActivityFailure, CancelledFailure, type ApplicationFailure } from '@temporalio/common';
import { maxToolCallsPerTurn } from '../../src/analysis/budget.ts';
import { goOnRequest, maxRepairs, wrapUpRequest } from '../../src/analysis/control.ts';
import { ToolFailure } from '../../src/tools/failures.ts';
import { costQuery, statusQuery, transcriptQuery } from '../../src/workflows/messages.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { scriptedConnections, tableResult, toolNamed, type ScriptedServers } from '../support/scripted-connections.ts';
import { reply, scriptedModel, type ScriptedReply } from '../support/scripted-model.ts';
import { finding, query, resultsSeen, submit } from '../support/script-pieces.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

function world(replies: readonly ScriptedReply[], servers: ScriptedServers): ActivityWorld {
  return activityWorld(setting.folder, scriptedModel(replies), scriptedConnections(servers));
}

function assertUsedUp({ model, connections }: ActivityWorld): void {
  model.assertUsedUp();
  connections.assertUsedUp();
}

test('an analysis plans, queries, submits and is reported with every number checked', async () => {
  const plan = { steps: [{ title: 'Count', state: 'doing' }] };
  const mine = world(
    [
      reply('First a plan.', [{ id: 'p', name: 'set_plan', arguments: plan }, query('c1')]),
      reply('', [submit('s', finding('There are {0} sales.', 3, 'c1'))]),
    ],
    // Asked a second time when the report is verified.
    { answers: { lake__query: [tableResult(3), tableResult(3)] }, problems: [{ server: 'other', problem: 'is down' }] },
  );
  const handle = await setting.worker.start('happy', mine);
  const outcome = await handle.result();

  assertUsedUp(mine);
  expect(outcome).toMatchObject({ status: 'completed', exitCode: 0, headline: 'Sales were counted.' });
  expect(mine.delivered[0]?.verdicts).toEqual([{ kind: 'verified' }]);
  expect(resultsSeen(mine.model.requests[1])).toEqual([
    { callId: 'p', ok: true, text: '{"ok":true}' },
    expect.objectContaining({ callId: 'c1', ok: true, text: tableResult(3).text }),
  ]);

  const status = await handle.query(statusQuery);
  expect(status).toMatchObject({ status: 'completed', phase: 'reporting', steps: 2, toolCalls: 1, plan });
  expect(status.progress.map(({ kind }) => kind)).toEqual([
    'started',
    'trouble',
    'plan',
    'said',
    'toolCalled',
    'toolAnswered',
    'reporting',
    'ended',
  ]);
  const later = await handle.query(statusQuery, { after: 6 });
  expect(later.progress.map(({ seq }) => seq)).toEqual([7, 8]);

  const { head, steps } = await handle.query(transcriptQuery);
  expect(steps).toBe(2);
  expect(await mine.dependencies.transcript.load(head)).toHaveLength(4);
  expect(await detailsOf(handle)).toContain('- ▶ Count');
  const { typedSearchAttributes } = await handle.describe();
  expect(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])).toContainEqual([
    'DpaStatus',
    'completed',
  ]);
});

test('a tool that writes is denied in a read-only analysis and never called, and the model is told why', async () => {
  const mine = world([reply('', [query('c1', 'lake__drop'), query('c2', 'no_such')]), reply('Then not.')], {
    answers: { lake__drop: [] },
    tools: [toolNamed('lake__drop', 'write')],
  });
  const approvals = { withinMs: 60_000, readOnly: true as const };
  expect(await setting.worker.run('denied', mine, { approvals })).toMatchObject({ exitCode: 0 });
  assertUsedUp(mine);
  const [written, unknown] = resultsSeen(mine.model.requests[1]);
  expect(written).toMatchObject({ callId: 'c1', ok: false, text: expect.stringContaining('may only read') });
  expect(unknown).toMatchObject({ callId: 'c2', ok: false, text: expect.stringContaining('no tool named no_such') });
});

test('a tool that fails is a result like any other; one that may work on the next try is tried again', async () => {
  const timeout = new ToolFailure('Tool.Timeout', 'no answer in 5 s', { retryable: false });
  const crashed = new ToolFailure('Tool.Crashed', 'ended', { retryable: true });
  const mine = world([reply('', [query('c1'), query('c2', 'lake__other')]), reply('Half of it.')], {
    answers: { lake__query: [timeout], lake__other: [crashed, tableResult(1)] },
    tools: [toolNamed('lake__query', 'read'), toolNamed('lake__other', 'read')],
  });
  await setting.worker.run('failing', mine);
  assertUsedUp(mine);
  const [failed, mended] = resultsSeen(mine.model.requests[1]);
  expect(failed).toMatchObject({ callId: 'c1', ok: false, text: expect.stringContaining('Tool.Timeout: no answer') });
  expect(mended).toMatchObject({ callId: 'c2', ok: true });
});

test('more calls than one turn may make are answered with a refusal', async () => {
  const calls = Array.from({ length: maxToolCallsPerTurn + 2 }, (_, index) => query(`c${index}`));
  const mine = world([reply('', calls), reply('Done.')], { answers: { lake__query: async () => tableResult(1) } });
  await setting.worker.run('many', mine);
  const results = resultsSeen(mine.model.requests[1]);
  expect(results.map(({ callId }) => callId)).toEqual(calls.map(({ id }) => id));
  expect(results.filter(({ ok }) => !ok)).toHaveLength(2);
  expect(mine.connections.calls).toHaveLength(maxToolCallsPerTurn);
});

test.each(['torn', 'missing'])('a %s result is asked for again, and no model call is paid twice', async (damage) => {
  const mine = world([reply('', [query('c1')]), reply('Done.')], {
    answers: { lake__query: [tableResult(3), tableResult(3)] },
  });
  damageOnce(mine, damage === 'torn' ? tableResult(3).text.slice(0, 9) : undefined);
  const handle = await setting.worker.start(`damaged-${damage}`, mine);
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  assertUsedUp(mine);
  expect(await handle.query(statusQuery)).toMatchObject({ steps: 2, toolCalls: 1 });
});

test('damage that comes back each time ends the analysis after a limited number of repairs', async () => {
  const mine = world([reply('', [query('c1')])], { answers: { lake__query: async () => tableResult(3) } });
  damageOnce(mine, 'torn', Infinity);
  const failure = await failureOf(setting.worker.run('hopeless', mine));
  expect(failure).toMatchObject({ type: 'Store.Corrupt' });
  expect(mine.connections.calls).toHaveLength(maxRepairs + 1);
  mine.model.assertUsedUp();
});

test('a report with a wrong number is sent back once, then its finding is struck', async () => {
  const wrong = submit('s1', finding('There are {0} sales.', 4, 'c1'));
  const mine = world(
    [
      reply('', [query('c1')]),
      reply('', [
        { id: 'p', name: 'set_plan', arguments: { steps: [{ title: 'Count', state: 'doing' }] } },
        wrong,
        query('c2'),
      ]),
      reply('', [{ ...wrong, id: 's2' }]),
    ],
    { answers: { lake__query: [tableResult(3), tableResult(3), tableResult(3)] } },
  );
  expect(await setting.worker.run('wrong', mine)).toMatchObject({ exitCode: 3 });
  assertUsedUp(mine);
  expect(mine.delivered[0]?.verdicts[0]).toMatchObject({ kind: 'refused' });
  // Every call of the turn that was sent back has its one result.
  expect(resultsSeen(mine.model.requests[2]).map(({ callId, ok }) => [callId, ok])).toEqual([
    ['p', true],
    ['c2', false],
    ['s1', false],
  ]);
});

test('at the step limit the model is asked to wrap up, and what was found is delivered with exit code 7', async () => {
  const mine = world([reply('', [query('c1')]), reply('So far three sales.')], {
    answers: { lake__query: [tableResult(3)] },
  });
  expect(await setting.worker.run('limited', mine, { maxSteps: 2 })).toMatchObject({ exitCode: 7 });
  assertUsedUp(mine);
  const last = mine.model.requests[1]?.messages.at(-1);
  expect(last).toEqual({ role: 'user', parts: [{ kind: 'text', text: wrapUpRequest }] });
});

test('a model that is not configured, and nobody to ask for another one: the report says so with exit code 69', async () => {
  const mine = world([], { answers: {} });
  const unattended = { model: 'gpt-0', approvals: { unattended: true } } as const;
  expect(await setting.worker.run('unknown-model', mine, unattended)).toMatchObject({ exitCode: 69 });
  expect(mine.delivered[0]?.submission.limits.join()).toContain('found "gpt-0"');
});

test('signals nobody knows do no harm', async () => {
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<ReturnType<typeof reply>>();
  const mine = world([() => (asked.resolve(), answered.promise)], { answers: {} });
  const handle = await setting.worker.start('signalled', mine);
  await asked.promise;
  await handle.signal('dance', { loudly: true });
  answered.resolve(reply('Done.'));
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
});

test('cancelling the workflow aborts the model call that is under way', async () => {
  const asked = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const mine = world(
    [
      (_, signal) =>
        new Promise((_resolve, reject) => {
          asked.resolve();
          signal.addEventListener('abort', () => (aborted.resolve(), reject(new Error('aborted'))));
        }),
    ],
    { answers: {} },
  );
  const handle = await setting.worker.start('cancelled', mine);
  await asked.promise;
  await handle.cancel();
  await aborted.promise;
  const error: unknown = await handle.result().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
});

/** The first `times` results of `lake__query` that are stored are damaged right after. */
function damageOnce({ store }: ActivityWorld, content: string | undefined, times = 1): void {
  const { put } = store;
  let left = times;
  store.put = async (text) => {
    const ref = await put(text);
    if (text !== tableResult(3).text || left === 0) return ref;
    left -= 1;
    if (content === undefined) store.content.delete(ref);
    else store.content.set(ref, content);
    return ref;
  };
}

async function failureOf(outcome: Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await outcome.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  const { cause } = error as WorkflowFailedError;
  return (cause instanceof ActivityFailure ? cause.cause : cause) as ApplicationFailure;
}

/** What the Temporal UI shows as the details of the run. */
async function detailsOf(handle: WorkflowHandle): Promise<string> {
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

test('a cut reply is gone on with, a refusal ends with the reason and exit code 3, and the cost is told per model', async () => {
  const mine = world(
    [
      { ...reply('So many'), finish: 'length' },
      { ...reply(''), finish: 'refusal', refusal: 'policy' },
    ],
    { answers: {} },
  );
  const handle = await setting.worker.start('refused-by-model', mine);
  const outcome = await handle.result();
  assertUsedUp(mine);
  expect(outcome.exitCode).toBe(3);
  expect(mine.model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'user', parts: [{ text: goOnRequest }] });
  expect(mine.delivered[0]?.submission.limits[0]).toMatch(/refused to go on/);
  const { progress } = await handle.query(statusQuery);
  expect(progress.map(({ text }) => text)).toEqual(
    expect.arrayContaining(['The reply was cut off at the output limit.', 'The model refused to go on: policy.']),
  );
  const { models, total } = await handle.query(costQuery);
  expect(Object.keys(models)).toEqual(['scripted']);
  expect(total).toMatchObject({ calls: 2, inputTokens: 200, outputTokens: 20, costUsd: 0 });
  expect(mine.delivered[0]?.facts.usage).toEqual({
    inputTokens: 200,
    cachedInputTokens: 0,
    outputTokens: 20,
    costUsd: 0,
  });
});

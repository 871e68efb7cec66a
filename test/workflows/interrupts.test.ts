/** Pause, resume, redirect and stop on a real service: inside a model call, inside a query, and in any shape. */
import { setTimeout as delay } from 'node:timers/promises';
import { cutMark } from '../../src/activities/cut-turn.ts';
import { cancelledText, redirection } from '../../src/analysis/interrupts.ts';
import { statusQuery, type AnalysisStatus } from '../../src/workflows/messages.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { scriptedConnections, tableResult, type ScriptedServers } from '../support/scripted-connections.ts';
import { reply, scriptedModel, type ScriptedReply } from '../support/scripted-model.ts';
import { finding, query, submit } from '../support/script-pieces.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

function world(replies: readonly ScriptedReply[], answers: ScriptedServers['answers'] = {}): ActivityWorld {
  return activityWorld(setting.folder, scriptedModel(replies), scriptedConnections({ answers }));
}

/** Answers only by being cancelled; `begun` and `ended` settle when it is asked and when it was cancelled. */
function hanging() {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const wait = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      begun.resolve();
      signal.addEventListener('abort', () => {
        ended.resolve();
        reject(new Error('aborted'));
      });
    });
  return { begun: begun.promise, ended: ended.promise, wait };
}

type Handle = Awaited<ReturnType<AnalysisSetting['worker']['start']>>;

async function until(handle: Handle, is: (status: AnalysisStatus) => boolean): Promise<AnalysisStatus> {
  for (;;) {
    const status = await handle.query(statusQuery);
    if (is(status)) return status;
    await delay(30);
  }
}

test('a pause ends the model call at once, says who paused, and after a resume the turn is asked again', async () => {
  const call = hanging();
  const mine = world([(_request, signal) => call.wait(signal), reply('Done.')]);
  const handle = await setting.worker.start('pause-model', mine);
  await call.begun;
  await handle.signal('pause', { by: 'ada' });
  await call.ended;
  const status = await until(handle, (one) => one.status === 'paused');
  expect(status.paused).toMatchObject({ by: 'ada' });
  expect(status.progress.at(-1)).toMatchObject({
    kind: 'interrupted',
    text: expect.stringContaining('by ada') as string,
  });
  // Nothing is under way while it is paused.
  expect((await handle.describe()).raw.pendingActivities ?? []).toEqual([]);
  await handle.signal('resume', {});
  expect(await handle.result()).toMatchObject({ status: 'completed' });
  mine.model.assertUsedUp();
  const [first, second] = mine.model.requests;
  expect(second!.messages).toEqual(first!.messages);
});

test('a pause inside a query cancels it; after a resume only that query is made again', async () => {
  const slow = hanging();
  let asked = 0;
  const mine = world([reply('', [query('c1')]), reply('', [submit('s', finding('There are {0} sales.', 3, 'c1'))])], {
    lake__query: async ({ signal }) => {
      asked += 1;
      return asked === 1 ? slow.wait(signal) : tableResult(3);
    },
  });
  const handle = await setting.worker.start('pause-query', mine);
  await slow.begun;
  await handle.signal('pause');
  await slow.ended;
  await until(handle, (one) => one.status === 'paused');
  await handle.signal('resume');
  expect(await handle.result()).toMatchObject({ status: 'completed', exitCode: 0 });
  mine.model.assertUsedUp();
});

test('a redirect inside a query keeps what there is: the call is answered as cancelled, the words come after it', async () => {
  const slow = hanging();
  const mine = world([reply('Counting.', [query('c1')]), reply('Turned.')], {
    lake__query: ({ signal }) => slow.wait(signal),
  });
  const handle = await setting.worker.start('redirect-query', mine);
  await slow.begun;
  await handle.signal('redirect', { text: 'only December', by: 'ada' });
  await slow.ended;
  await handle.result();
  mine.model.assertUsedUp();
  const messages = mine.model.requests[1]!.messages;
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
  expect(JSON.stringify(messages[2])).toContain(cancelledText);
  expect(messages[3]).toEqual({ role: 'user', parts: [{ kind: 'text', text: redirection('only December') }] });
});

test('a redirect of a paused analysis turns it and lets it go on', async () => {
  const call = hanging();
  const mine = world([(_request, signal) => call.wait(signal), reply('Turned.')]);
  const handle = await setting.worker.start('redirect-paused', mine);
  await call.begun;
  await handle.signal('pause');
  await until(handle, (one) => one.status === 'paused');
  await handle.signal('redirect', { text: 'only December' });
  await handle.result();
  // The task was not answered yet: the words stand with it, in one message.
  expect(mine.model.requests[1]!.messages).toHaveLength(1);
  expect(JSON.stringify(mine.model.requests[1]!.messages)).toContain('only December');
});

test('a pause while the report is written stops that too; after a resume the report is made', async () => {
  const slow = hanging();
  let asked = 0;
  const mine = world([reply('', [query('c1')]), reply('', [submit('s', finding('There are {0} sales.', 3, 'c1'))])], {
    lake__query: async ({ signal }) => {
      asked += 1;
      return asked === 2 ? slow.wait(signal) : tableResult(3);
    },
  });
  const handle = await setting.worker.start('pause-report', mine);
  await slow.begun;
  await handle.signal('pause', { by: 'ada' });
  await slow.ended;
  await until(handle, (one) => one.status === 'paused' && one.phase === 'reporting');
  while (((await handle.describe()).raw.pendingActivities ?? []).length > 0) await delay(20);
  expect(mine.delivered).toHaveLength(0);
  await handle.signal('resume');
  expect(await handle.result()).toMatchObject({ status: 'completed', exitCode: 0 });
  expect(mine.delivered).toHaveLength(1);
});

test('what a model had said when it was redirected is kept and marked; after a pause the turn is asked anew', async () => {
  const [paused, turned] = [hanging(), hanging()];
  const saying = (call: ReturnType<typeof hanging>): ScriptedReply => {
    return (_request, signal, emit) => {
      emit({ kind: 'text', delta: 'The sales fell in ' });
      return call.wait(signal);
    };
  };
  const mine = world([saying(paused), saying(turned), reply('Turned.')]);
  const handle = await setting.worker.start('cut-off', mine);
  await paused.begun;
  await handle.signal('pause');
  await until(handle, (one) => one.status === 'paused');
  await handle.signal('resume');
  await turned.begun;
  expect(mine.model.requests[1]!.messages).toEqual(mine.model.requests[0]!.messages);
  await handle.signal('redirect', { text: 'only December' });
  await handle.result();
  expect(mine.model.requests[2]!.messages).toEqual([
    ...mine.model.requests[0]!.messages,
    { role: 'assistant', parts: [{ kind: 'text', text: `The sales fell in ${cutMark}` }] },
    { role: 'user', parts: [{ kind: 'text', text: redirection('only December') }] },
  ]);
});

test('a stop ends with a report of what there is, and says so', async () => {
  const call = hanging();
  const mine = world([reply('Three so far.', [query('c1')]), (_request, signal) => call.wait(signal)], {
    lake__query: [tableResult(3)],
  });
  const handle = await setting.worker.start('stop', mine);
  await call.begun;
  await handle.signal('stop', { reason: 'wrong data', by: 'ada' });
  await call.ended;
  expect(await handle.result()).toMatchObject({ status: 'stopped', exitCode: 5 });
  expect(mine.delivered[0]?.facts).toMatchObject({ status: 'stopped', exitCode: 5 });
  expect(mine.delivered[0]?.submission.headline).toContain('Three so far.');
  expect(await handle.query(statusQuery)).toMatchObject({ status: 'stopped' });
});

test('a stop while it is paused, and before anything was found', async () => {
  const call = hanging();
  const mine = world([(_request, signal) => call.wait(signal)]);
  const handle = await setting.worker.start('stop-paused', mine);
  await call.begun;
  await handle.signal('pause');
  await until(handle, (one) => one.status === 'paused');
  await handle.signal('stop');
  expect(await handle.result()).toMatchObject({ status: 'stopped', exitCode: 5 });
});

test('signals of a wrong shape are noted and change nothing', async () => {
  const call = hanging();
  const mine = world([
    async (_request, signal) => Promise.race([call.wait(signal), delay(600).then(() => reply('Done.'))]),
  ]);
  const handle = await setting.worker.start('wrong-shapes', mine);
  await call.begun;
  for (const payload of [{ text: '  ' }, { text: 7 }, 'December', ['a'], null, {}])
    await handle.signal('redirect', payload as never);
  await handle.signal('pause', 'now' as never);
  await handle.signal('stop', { reason: 1 } as never);
  await handle.signal('resume');
  expect(await handle.result()).toMatchObject({ status: 'completed' });
  const { progress } = await handle.query(statusQuery);
  const notes = progress.filter(({ kind }) => kind === 'trouble').map(({ text }) => text);
  expect(notes.filter((text) => text.startsWith('Ignored a redirect'))).toHaveLength(6);
  expect(notes).toEqual(expect.arrayContaining([expect.stringContaining('Ignored a pause'), 'Nothing to resume.']));
  mine.model.assertUsedUp();
});

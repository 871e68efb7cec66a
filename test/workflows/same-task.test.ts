/** Words that reach the workflow in the same task as its end, or as its continue-as-new, are never lost. */
import { Client } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { redirection } from '../../src/analysis/interrupts.ts';
import { loadConfig } from '../../src/config.ts';
import { workflowBundle } from '../../src/temporal/workflow-bundle.ts';
import { statusQuery, type AnalysisInput, type AnalysisWorkflow } from '../../src/workflows/messages.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { scriptedConnections, tableResult } from '../support/scripted-connections.ts';
import { reply, scriptedModel, type ScriptedReply } from '../support/scripted-model.ts';
import { query } from '../support/script-pieces.ts';

let setting: AnalysisSetting;
let connection: NativeConnection;

beforeAll(async () => {
  setting = await openAnalysisSetting();
  connection = await NativeConnection.connect({ address: setting.service.address });
}, firstStartMs);

afterAll(async () => {
  await connection?.close();
  await setting?.close();
});

type Running = { readonly ended: Promise<void>; readonly worker: Worker };

/** Takes workflow tasks only: while there is none, what happens is gathered for the next task. */
async function openWorkflowWorker(taskQueue: string, codec?: PayloadCodec): Promise<Running> {
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: await workflowBundle(loadConfig().cacheFolder),
    stickyQueueScheduleToStartTimeout: '100ms',
    ...(codec === undefined ? {} : { dataConverter: { payloadCodecs: [codec] } }),
  });
  return { worker, ended: worker.run() };
}

async function openActivityWorker(taskQueue: string, { activities }: ActivityWorld): Promise<Running> {
  const worker = await Worker.create({ connection, taskQueue, activities, maxHeartbeatThrottleInterval: '100ms' });
  return { worker, ended: worker.run() };
}

async function stop({ worker, ended }: Running): Promise<void> {
  worker.shutdown();
  await ended;
}

async function start(id: string, input: Partial<AnalysisInput> = {}) {
  const whole = {
    task: 'Count the sales',
    data: [],
    model: 'scripted',
    maxSteps: 20,
    searchAttributes: false,
    ...input,
  };
  const client = new Client({ connection });
  return client.workflow.start<AnalysisWorkflow>('analysisWorkflow', { taskQueue: id, workflowId: id, args: [whole] });
}

type Handle = Awaited<ReturnType<typeof start>>;

/** Events of each workflow task that began after both of them: one task heard them together. */
async function tasksBetween(handle: Handle, runId?: string): Promise<string[]> {
  const { events } = await new Client({ connection }).workflow.getHandle(handle.workflowId, runId).fetchHistory();
  return (events ?? []).map(({ eventType }) => String(eventType));
}

/** `during`: while that activity runs, no worker hears the workflow; then a new one hears it all in one task. */
async function heardTogether(
  id: string,
  mine: ActivityWorld,
  during: 'writeReport' | 'callTool',
  say: (handle: Handle) => Promise<void>,
  input: Partial<AnalysisInput> = {},
) {
  const first = await openWorkflowWorker(id);
  const told = Promise.withResolvers<void>();
  let isTold = false;
  const activity = mine.activities[during] as (given: never) => Promise<never>;
  const holding = async (given: never) => {
    const result = await activity(given);
    if (!isTold) {
      isTold = true;
      await stop(first);
      await say(handle);
      told.resolve();
    }
    return result;
  };
  const activities = await openActivityWorker(id, { ...mine, activities: { ...mine.activities, [during]: holding } });
  const handle = await start(id, input);
  await told.promise;
  // The completion is in the history, too, before anybody looks at it.
  while (((await handle.describe()).raw.pendingActivities ?? []).length > 0);
  const second = await openWorkflowWorker(id);
  return {
    handle,
    async close() {
      await stop(second);
      await stop(activities);
    },
  };
}

function world(...replies: readonly ScriptedReply[]): ActivityWorld {
  const answers = { lake__query: async () => tableResult(3) };
  return activityWorld(setting.folder, scriptedModel(replies), scriptedConnections({ answers }));
}

const redirect = (handle: Handle) => handle.signal('redirect', { text: 'only December' });

test('a redirect in the same task as the report: the analysis turns, and ends with another report', async () => {
  const mine = world(reply('All is said.'), reply('Turned.'));
  const { handle, close } = await heardTogether('with-completion', mine, 'writeReport', redirect);
  expect(await handle.result()).toMatchObject({ status: 'completed' });
  await close();
  expect(JSON.stringify(mine.model.requests[1]!.messages.at(-1))).toContain(
    JSON.stringify(redirection('only December')).slice(1, -1),
  );
  expect(mine.delivered).toHaveLength(2);
  mine.model.assertUsedUp();
  const events = await tasksBetween(handle);
  const signal = events.findIndex((kind) => kind.includes('SIGNALED') || kind === '26');
  const nextTask = events.findIndex((kind, index) => index > signal && (kind.includes('TASK_STARTED') || kind === '6'));
  const completions = events
    .slice(signal, nextTask)
    .filter((kind) => kind.includes('ACTIVITY_TASK_COMPLETED') || kind === '12');
  expect(completions).toHaveLength(1);
});

test('a pause in the same task as the report holds the end back; a resume gives the report that was written', async () => {
  const mine = world(reply('All is said.'));
  const pause = (handle: Handle) => handle.signal('pause', { by: 'ada' });
  const { handle, close } = await heardTogether('pause-with-completion', mine, 'writeReport', pause);
  while ((await handle.query(statusQuery)).status !== 'paused');
  await handle.signal('resume');
  expect(await handle.result()).toMatchObject({ status: 'completed' });
  await close();
  expect(mine.delivered).toHaveLength(1);
});

test('a redirect in the same task as a continue-as-new goes with it', async () => {
  const mine = world(reply('', [query('c1')]), reply('Turned.'));
  const { handle, close } = await heardTogether('with-continue', mine, 'callTool', redirect, {
    continueAfterEvents: 10,
  });
  const first = handle.firstExecutionRunId;
  expect(await handle.result()).toMatchObject({ status: 'completed' });
  await close();
  const events = await tasksBetween(handle, first);
  expect(events.at(-1)).toMatch(/CONTINUED_AS_NEW|^28$/);
  expect(JSON.stringify(mine.model.requests[1]!.messages)).toContain('only December');
  mine.model.assertUsedUp();
});

/** Speaks at the very moment when the worker has decided to end the run, and has not told the service yet. */
function speaksBefore(isTheMoment: (payload: string) => boolean, say: () => Promise<void>): PayloadCodec {
  let isSaid = false;
  const encode = async (payloads: Payload[]) => {
    const texts = payloads.map(({ data }) => new TextDecoder().decode(data ?? undefined));
    if (!isSaid && texts.some(isTheMoment)) {
      isSaid = true;
      await say();
    }
    return payloads;
  };
  return { encode, decode: async (payloads) => payloads };
}

test.each([
  ['the end', 'while-ending', {}, (text: string) => text.includes('"status":"completed"'), [reply('All is said.')]],
  [
    'a continue-as-new',
    'while-continuing',
    { continueAfterEvents: 10 },
    (text: string) => text.includes('"carried"'),
    [reply('', [query('c1')])],
  ],
] as const)(
  'a redirect that comes after %s was decided, and before it is, counts',
  async (_, id, input, isIt, replies) => {
    const mine = world(...replies, reply('Turned.'));
    const handleOf = () => new Client({ connection }).workflow.getHandle<AnalysisWorkflow>(id);
    const codec = speaksBefore(isIt, () => redirect(handleOf() as Handle));
    const activities = await openActivityWorker(id, mine);
    const workflows = await openWorkflowWorker(id, codec);
    const handle = await start(id, input);
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    await stop(workflows);
    await stop(activities);
    expect(JSON.stringify(mine.model.requests.at(-1)!.messages)).toContain('only December');
    mine.model.assertUsedUp();
  },
);

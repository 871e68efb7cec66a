/** What a streamed answer leaves in history: the same few bytes, however long it was and however it was watched. */
import { setTimeout as delay } from 'node:timers/promises';
import { defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import { liveDetails, type LiveDetails } from '../../src/live/details.ts';
import { maxTailBytes } from '../../src/live/live-text.ts';
import { activityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { scriptedConnections } from '../support/scripted-connections.ts';
import { reply, scriptedModel } from '../support/scripted-model.ts';

const maxBytesPerAnswer = 3 * 1024;

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

/** Bytes of the events of model calls, and the heartbeats that were seen meanwhile. */
async function answered(id: string, length: number) {
  const seen: LiveDetails[] = [];
  const text = 'é'.repeat(length);
  const model = scriptedModel([
    async (_request, _signal, emit) => {
      for (let at = 0; at < length; at += 1_000) emit({ kind: 'text', delta: text.slice(at, at + 1_000) });
      while (seen.at(-1)?.chars !== length) await delay(20);
      return reply(text);
    },
  ]);
  const world = activityWorld(setting.folder, model, scriptedConnections({ answers: {} }));
  const handle = await setting.worker.start(id, world, { searchAttributes: false });
  const watching = watch(id, seen, length);
  await handle.result();
  await watching;
  const codec = proto.temporal.api.history.v1.HistoryEvent;
  const { events } = await handle.fetchHistory();
  const scheduled = events!.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'completeTurn',
  )!;
  const own = events!.filter(
    (event) =>
      event === scheduled ||
      event.activityTaskStartedEventAttributes?.scheduledEventId?.equals(scheduled.eventId!) === true ||
      event.activityTaskCompletedEventAttributes?.scheduledEventId?.equals(scheduled.eventId!) === true,
  );
  expect(own).toHaveLength(3);
  return { bytes: own.reduce((total, event) => total + codec.encode(event).finish().length, 0), seen };
}

async function watch(id: string, seen: LiveDetails[], length: number): Promise<void> {
  const handle = setting.worker.client.workflow.getHandle(id);
  while (seen.at(-1)?.chars !== length) {
    const { raw } = await handle.describe();
    for (const { heartbeatDetails } of raw.pendingActivities ?? []) {
      const payload = heartbeatDetails?.payloads?.[0];
      const details = payload ? liveDetails(defaultPayloadConverter.fromPayload(payload)) : undefined;
      if (details !== undefined) seen.push(details);
    }
    await delay(20);
  }
}

test('a long answer costs what a short one costs, and its tail is in the heartbeat', async () => {
  const short = await answered('short', 2_000);
  const long = await answered('long', 1_000_000);
  expect(Math.max(short.bytes, long.bytes)).toBeLessThanOrEqual(maxBytesPerAnswer);
  expect(Math.abs(long.bytes - short.bytes)).toBeLessThan(64);
  const last = long.seen.at(-1)!;
  expect(last).toMatchObject({ turn: 1, attempt: 1, chars: 1_000_000 });
  expect(last.tail).toBe('é'.repeat(maxTailBytes / 2));
}, 60_000);

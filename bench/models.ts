/** Models over a real dialect: the first token at the client, many streams at once, history of an answer, and a fail-over. */
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { followLive } from '../src/live/follow.ts';
import type { AnalysisWorkflow } from '../src/workflows/messages.ts';
import type { FakeTurn, Fault } from '../test/support/fake-model-server.ts';
import { fakeKey } from '../test/support/fake-openai.ts';
import { atMost, median, type Measure, type Row } from './measure.ts';
import { openModelWorld, type ModelWorld } from './model-world.ts';

const rounds = 10;
const streams = 100;

/** Between two pieces of an answer, as a fast model sends them. */
const gapMs = 20;

/** Pieces of the text: it goes on for long enough to be found. */
const pieces = 60;

export const models: Measure = {
  name: 'models',
  about: 'first token at the client against raw SSE, 100 streams on one worker, history of an answer, fail-over',
  async run() {
    await using world = await openModelWorld();
    return [
      ...(await firstToken(world)),
      ...(await manyStreams(world)),
      await failOver('refuses the key', { kind: 'complaint', complaint: 'auth' }, soon),
      await failOver('is overloaded', { kind: 'complaint', complaint: 'overloaded' }, soon),
      await failOver('is not there', 'away', soon),
      await failOver('cuts its answers short', { kind: 'cut', afterEvents: 3 }, soon),
      await failOver('says nothing at all', { kind: 'stall' }, givenUp),
    ];
  },
};

const soon = atMost(2_000, 500, 'ours');

/** Nobody can tell silence from a slow start: half a minute is waited, see docs/models.md. */
const givenUp = atMost(32_000, 32_000, 'ours');

const longAnswer: FakeTurn = { text: Array.from({ length: pieces }, (_, index) => `word ${index} `), gapMs };

/** Both from the arrival of the request at the fake, so that only the way back is compared. */
async function firstToken(world: ModelWorld): Promise<Row[]> {
  world.answer(longAnswer);
  const raw: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    raw.push(await rawFirstToken(world));
    const asked = world.arrived.openAi.length;
    const stop = new AbortController();
    const first = Promise.withResolvers<number>();
    const reader = {
      piece: ({ text }: { text: string }) => void (text === '' || first.resolve(performance.now())),
      ended: () => undefined,
    };
    const following = followLive(
      { client: () => world.client, isWorthAsking: () => true },
      `first-${round}`,
      reader,
      stop.signal,
    );
    const handle = await world.start(`first-${round}`);
    ours.push((await first.promise) - world.arrived.openAi[asked]!);
    await handle.result();
    stop.abort();
    await following;
  }
  return [
    {
      metric: 'first token at the client',
      unit: 'ms',
      baseline: median(raw),
      against: 'raw SSE from the same server',
      ours: median(ours),
      ratio: median(ours) / median(raw),
      target: atMost(10, 3),
      note: `the model sends an event every ${gapMs} ms; the client was there before the analysis and has to find its stream.`,
    },
  ];
}

async function rawFirstToken({ openAi, arrived }: ModelWorld): Promise<number> {
  const body = {
    model: 'gpt-6.1-sol',
    stream: true,
    store: false,
    input: [{ role: 'user', content: [{ type: 'input_text', text: 'Say it' }] }],
  };
  const response = await fetch(`${openAi.baseUrl}/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${fakeKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  for await (const text of response.body!.pipeThrough(new TextDecoderStream()))
    if (text.includes('response.output_text.delta')) return performance.now() - arrived.openAi.at(-1)!;
  throw new Error('Expected a text in the stream of the fake, found none.');
}

/** A dropped heartbeat would make Temporal hand the call out again: a second request, a second attempt. */
async function manyStreams(world: ModelWorld): Promise<Row[]> {
  world.answer({ ...longAnswer, gapMs: 100 });
  const before = world.arrived.openAi.length;
  const handles = await Promise.all(Array.from({ length: streams }, (_, index) => world.start(`many-${index}`)));
  const atOnce = watchPeak(world);
  await Promise.all(handles.map((handle) => handle.result()));
  const requests = world.arrived.openAi.length - before;
  const sizes = await Promise.all(handles.map(async (handle) => (await handle.describe()).historySize ?? 0));
  world.answer({ text: 'Short.' });
  const short = await world.start('short');
  await short.result();
  const shortBytes = (await short.describe()).historySize ?? 0;
  return [
    {
      metric: `calls made again, ${streams} streams on one worker`,
      unit: '',
      ours: requests - streams,
      target: atMost(0, 0, 'ours'),
      note: `up to ${await atOnce} streams were open at the same time; a dropped heartbeat would have made a call again.`,
    },
    {
      metric: 'history, a long answer more than a short one',
      unit: 'bytes',
      ours: median(sizes) - shortBytes,
      target: atMost(3_072, 3_072, 'ours'),
      note: `whole history ${Math.round(median(sizes))} against ${shortBytes} bytes; how it was watched leaves nothing.`,
    },
  ];
}

/** The most streams that were open at once, looked at until all have ended. */
async function watchPeak({ openAi }: ModelWorld): Promise<number> {
  let peak = 0;
  for (;;) {
    const open = openAi.ledger.filter(({ outcome }) => outcome === 'open').length;
    peak = Math.max(peak, open);
    if (peak > 0 && open === 0) return peak;
    await delay(10);
  }
}

/** A worker of its own: one that knows of the failure would not ask at all. */
async function failOver(name: string, fault: Fault | 'away', target: NonNullable<Row['target']>): Promise<Row> {
  await using world = await openModelWorld();
  if (fault === 'away') await world.openAi.close();
  else world.answer({ text: ['One ', 'two ', 'three.'], fault });
  const handle = await world.start('fail-over');
  await handle.result();
  const { openAi, anthropic } = world.arrived;
  return {
    metric: `fail-over, the first ${name}`,
    unit: 'ms',
    ours: performance.timeOrigin + anthropic[0]! - (await firstAskedMs(handle)),
    target,
    note: `from the first step, which asks the first model, until the request to the second; ${openAi.length} requests arrived at the first.`,
  };
}

/** When the step was handed out that asks a model, milliseconds since 1970. */
async function firstAskedMs(handle: WorkflowHandle<AnalysisWorkflow>): Promise<number> {
  const { events = [] } = await handle.fetchHistory();
  const step = events?.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'completeTurn',
  );
  const { seconds, nanos } = step!.eventTime!;
  return Number(seconds) * 1_000 + Number(nanos) / 1e6;
}

/** The guard around every provider's stream: no half answer passes, nothing hangs, nothing stays behind. */
import { getEventListeners } from 'node:events';
import { ModelFailure } from '../../src/llm/model-failure.ts';
import {
  hurried,
  readStream,
  streamLimits,
  thoughtfulLimits,
  type Progress,
  type StreamLimits,
} from '../../src/llm/stream-guard.ts';
import { modelOptions } from '../../src/workflows/activity-options.ts';

const where = { endpoint: 'fake', model: 'm', secrets: ['sk-planted-secret'] };
const short: StreamLimits = { ...streamLimits, firstEventMs: 50, contentIdleMs: 50, trailingMs: 50 };
const never = new Promise<never>(() => {});

type Step = Progress | Promise<never> | Error;

/** Events are what they mean; a promise stalls, an error breaks. */
async function* streamOf(...steps: readonly Step[]): AsyncGenerator<Progress> {
  for (const step of steps) {
    if (step instanceof Error) throw step;
    if (typeof step !== 'string') await step;
    else yield step;
  }
}

function read(events: AsyncIterable<Progress>, more: { signal?: AbortSignal; limits?: StreamLimits } = {}) {
  const { signal = new AbortController().signal, limits = short } = more;
  return readStream<Progress>({ where, signal, limits, open: async () => events, read: (event) => event });
}

const kindOf = (stream: AsyncIterable<Progress>) =>
  read(stream).then(
    () => 'resolved',
    (error: unknown) => (error instanceof ModelFailure ? error.facts.kind : error),
  );

test.each<[string, readonly Step[], string]>([
  ['whole and ended', ['quiet', 'content', 'whole'], 'resolved'],
  ['whole, then its usage', ['content', 'whole', 'quiet'], 'resolved'],
  ['ended by its last event', ['content', 'end', never], 'resolved'],
  ['whole, then a stall', ['content', 'whole', never], 'resolved'],
  ['whole, then broken', ['content', 'whole', new TypeError('terminated')], 'resolved'],
  ['ended early', ['quiet', 'content'], 'TruncatedStream'],
  ['ended at once', [], 'TruncatedStream'],
  ['no event', [never], 'FirstEventTimeout'],
  ['a stall', ['quiet', 'content', never], 'IdleTimeout'],
  ['broken', ['content', new TypeError('terminated')], 'Network'],
])('%s', async (_, steps, expected) => {
  expect(await kindOf(streamOf(...steps))).toBe(expected);
});

test('signs of life are no content, and do not put off the end', async () => {
  async function* alive(): AsyncGenerator<Progress> {
    yield 'content';
    for (;;) {
      await new Promise(setImmediate);
      yield 'quiet';
    }
  }
  expect(await kindOf(alive())).toBe('IdleTimeout');
});

test('a request that never answers and ignores its signal is left all the same', async () => {
  const source = { where, limits: short, signal: new AbortController().signal, read: (event: Progress) => event };
  await expect(readStream<Progress>({ ...source, open: () => never })).rejects.toMatchObject({
    facts: { kind: 'FirstEventTimeout' },
  });
});

test('the request is told to stop when the answer cannot be used', async () => {
  let seen: AbortSignal | undefined;
  const open = async (signal: AbortSignal) => {
    seen = signal;
    return streamOf('content', never);
  };
  const source = { where, limits: short, signal: new AbortController().signal, read: (event: Progress) => event };
  await expect(readStream<Progress>({ ...source, open })).rejects.toThrow('fake');
  expect(seen?.aborted).toBe(true);
});

test('an abort wins over everything, and leaves no listener', async () => {
  const stop = new AbortController();
  const reason = new Error('interrupted');
  async function* cut(): AsyncGenerator<Progress> {
    yield 'content';
    stop.abort(reason);
    // Both SDKs end in silence here.
  }
  await expect(read(cut(), { signal: stop.signal })).rejects.toBe(reason);
  const calm = new AbortController();
  await read(streamOf('whole'), { signal: calm.signal });
  expect(getEventListeners(calm.signal, 'abort')).toHaveLength(0);
});

test('an answer that ends early may say more about itself', async () => {
  const source = { where, limits: short, signal: new AbortController().signal, read: (event: Progress) => event };
  const ended = () => {
    throw new ModelFailure('Told.', { kind: 'BadEndpoint', endpoint: 'fake', model: 'm' });
  };
  await expect(readStream<Progress>({ ...source, ended, open: async () => streamOf('quiet') })).rejects.toThrow(
    'Told.',
  );
});

test('too much is given up', async () => {
  const limits = { ...short, maxAnswerCharacters: 20 };
  await expect(read(streamOf('content', 'content', 'content', 'whole'), { limits })).rejects.toMatchObject({
    facts: { kind: 'BadOutput' },
  });
});

test('no secret of the place travels with a failure', async () => {
  const error: unknown = await read(streamOf()).catch((reason: unknown) => reason);
  expect(JSON.stringify([error, (error as ModelFailure).facts, String(error)])).not.toContain('planted');
});

test('an answer that lives and does not end is given up, and nobody asks the same model for it again', async () => {
  async function* endless(): AsyncGenerator<Progress> {
    for (;;) {
      await new Promise(setImmediate);
      yield 'content';
    }
  }
  const reading = read(endless(), { limits: { ...streamLimits, wholeAnswerMs: 50 } });
  await expect(reading).rejects.toMatchObject({ facts: { kind: 'BadOutput' }, message: expect.stringMatching(/end/) });
});

test('no answer that may still end is cut by the limit of its activity, which would buy it again', () => {
  const { firstEventMs, wholeAnswerMs } = thoughtfulLimits;
  const [, minutes] = /^(\d+) minutes$/.exec(modelOptions.startToCloseTimeout) ?? [];
  expect(Number(minutes) * 60_000).toBeGreaterThan(firstEventMs + wholeAnswerMs);
});

test('a provider that says nothing is given up sooner where another one can answer, a server on this machine is not', () => {
  expect(hurried(thoughtfulLimits, true, false)).toEqual({ ...thoughtfulLimits, firstEventMs: 30_000 });
  for (const [another, local] of [
    [true, true],
    [false, false],
    [undefined, false],
  ] as const)
    expect(hurried(thoughtfulLimits, another, local)).toEqual(thoughtfulLimits);
});

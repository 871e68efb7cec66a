/** Reads a provider's stream to its end or fails: two timers, a byte cap, the terminal event required, aborts seen. */
import { classify, type CallPlace } from './classify.ts';
import { ModelFailure, type ModelFailureFacts, type ModelFailureKind } from './model-failure.ts';

export type StreamLimits = {
  /** Until the first event of any kind, milliseconds. */
  readonly firstEventMs: number;
  /** Between two events that carry content, milliseconds. Keep-alives do not count. */
  readonly contentIdleMs: number;
  /** Of the whole answer, however lively. Less than the activity that reads it may take, see workflows/activity-options.ts. */
  readonly wholeAnswerMs: number;
  /** Between the whole answer and what may still follow it, its usage above all. */
  readonly trailingMs: number;
  /** Of all events of one answer, as JSON. */
  readonly maxAnswerCharacters: number;
};

export const streamLimits: StreamLimits = {
  firstEventMs: 120_000,
  contentIdleMs: 180_000,
  wholeAnswerMs: 2 * 60 * 60_000,
  trailingMs: 2_000,
  maxAnswerCharacters: 32 * 1024 * 1024,
};

/** A model that thinks hard may be silent for long, for its first event too. */
export const thoughtfulLimits: StreamLimits = { ...streamLimits, firstEventMs: 300_000, contentIdleMs: 600_000 };

/**
 * Where the model of another provider can answer, this one is given up sooner: a provider that streams says at once that
 * it has begun, however long it thinks then. A server on this machine may have to load its model first.
 */
export function hurried(limits: StreamLimits, hasAnother: boolean | undefined, isLocal: boolean): StreamLimits {
  return hasAnother === true && !isLocal ? { ...limits, firstEventMs: Math.min(limits.firstEventMs, 30_000) } : limits;
}

/** What one event means: a sign of life · content · the answer is whole, its usage may follow · nothing follows. */
export type Progress = 'quiet' | 'content' | 'whole' | 'end';

/** `secrets` never come into a message, `local` decides about refused connections. */
export type StreamPlace = Omit<CallPlace, 'sawEvents'>;

export type StreamSource<Event> = {
  readonly where: StreamPlace;
  /** The caller's; when it aborts, its reason is what `readStream` rejects with. */
  readonly signal: AbortSignal;
  readonly limits: StreamLimits;
  /** Makes the request; the signal ends it, whoever wants that. */
  open(signal: AbortSignal): Promise<AsyncIterable<Event>>;
  /** Takes an event in. May throw; a `ModelFailure` passes, anything else is classified. */
  read(event: Event): Progress;
  /** Called when the stream ends before the answer is whole; may throw what says more than that. */
  ended?(): void;
};

/** Resolves when the answer is whole. Rejects with a `ModelFailure`, or with the reason of the caller's abort. */
export async function readStream<Event>(source: StreamSource<Event>): Promise<void> {
  const { signal, limits, where } = source;
  signal.throwIfAborted();
  const request = new AbortController();
  const timer = createTimer((kind, ms) => request.abort(timedOut(kind, ms, where)));
  const onAbort = () => request.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const stopped = rejectionOf(request.signal);
  const whole = setTimeout(() => request.abort(tooSlow(limits.wholeAnswerMs, where)), limits.wholeAnswerMs);
  let progress: Progress | 'nothing' = 'nothing';
  let iterator: AsyncIterator<Event> | undefined;
  try {
    timer.start('FirstEventTimeout', limits.firstEventMs);
    const events = await Promise.race([source.open(request.signal), stopped]);
    iterator = events[Symbol.asyncIterator]();
    let size = 0;
    for (;;) {
      const next = await Promise.race([iterator.next(), stopped]);
      if (next.done === true) break;
      size += JSON.stringify(next.value)?.length ?? 0;
      if (size > limits.maxAnswerCharacters) throw tooLong(limits.maxAnswerCharacters, where);
      const before: typeof progress = progress;
      const found = source.read(next.value);
      if (found === 'end') return void (progress = 'whole');
      if (before === 'whole') continue;
      progress = found;
      if (found === 'whole') timer.start('IdleTimeout', limits.trailingMs);
      else if (before === 'nothing' || found === 'content') timer.start('IdleTimeout', limits.contentIdleMs);
    }
    // Both SDKs end their loop in silence when the request is aborted, and when the server hangs up half-way.
    request.signal.throwIfAborted();
    if (progress === 'whole') return;
    source.ended?.();
    throw truncated(progress === 'nothing', where);
  } catch (error) {
    signal.throwIfAborted();
    if (progress !== 'whole') throw asFailure(request.signal.aborted ? request.signal.reason : error);
  } finally {
    timer.stop();
    clearTimeout(whole);
    signal.removeEventListener('abort', onAbort);
    request.abort();
    // Not awaited: the end of a body that never ends would be waited for.
    void iterator?.return?.()?.then(undefined, ignore);
  }

  function asFailure(error: unknown): ModelFailure {
    return classify(error, { ...where, sawEvents: progress !== 'nothing' });
  }
}

/** For an answer that came from something else than a model. */
export function notTheProtocol(found: string, where: StreamPlace): ModelFailure {
  return new ModelFailure(
    `Expected a streamed answer of a model from ${where.endpoint}; found ${found}. Check its base URL.`,
    factsOf('BadEndpoint', where),
  );
}

function timedOut(kind: ModelFailureKind, ms: number, where: StreamPlace): ModelFailure {
  const missing = kind === 'FirstEventTimeout' ? 'nothing at all' : 'nothing more';
  return new ModelFailure(
    `${where.endpoint} sent ${missing} for ${ms / 1000} s; the request was given up.`,
    factsOf(kind, where),
  );
}

function tooLong(limit: number, where: StreamPlace): ModelFailure {
  return new ModelFailure(
    `The answer of ${where.model} exceeds ${limit} characters; it was given up.`,
    factsOf('BadOutput', where),
  );
}

function tooSlow(limitMs: number, where: StreamPlace): ModelFailure {
  return new ModelFailure(
    `The answer of ${where.model} did not end within ${limitMs / 60_000} minutes; it was given up.`,
    factsOf('BadOutput', where),
  );
}

function truncated(empty: boolean, where: StreamPlace): ModelFailure {
  return new ModelFailure(
    `${where.endpoint} closed the stream ${empty ? 'before it said anything' : 'before the answer was whole'}; what came is not used.`,
    factsOf('TruncatedStream', where),
  );
}

/** Nothing else of the place may travel with a failure. */
function factsOf(kind: ModelFailureKind, { endpoint, model }: StreamPlace): ModelFailureFacts {
  return { kind, endpoint, model };
}

function createTimer(expired: (kind: ModelFailureKind, ms: number) => void) {
  let running: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(running);
  return {
    stop,
    start(kind: ModelFailureKind, ms: number) {
      stop();
      running = setTimeout(() => expired(kind, ms), ms);
    },
  };
}

/** Rejects when the signal aborts; unhandled by itself it stays silent. */
function rejectionOf(signal: AbortSignal): Promise<never> {
  const rejection = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  rejection.catch(ignore);
  return rejection;
}

function ignore(): void {}

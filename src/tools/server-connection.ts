/** One server process: started on first use, counted, restarted after a crash, closed when idle. */
import { setTimeout as wait } from 'node:timers/promises';
import { ToolFailure } from './failures.ts';
import { closedFailure, openSession } from './server-session.ts';
import type { Session, SessionOptions } from './server-session.ts';
import type { Gate } from './start-gate.ts';

export type ServerConnection = {
  /** Starts the server if it is not running. The process is not closed for being idle while `work` runs. */
  use<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T>;
  /** A call went through: the server is healthy again, the next crash is a first one. */
  isHealthy(): void;
  /** Since when nobody uses it (milliseconds of `performance.now`), or that it is in use. */
  idleSince(): number | 'inUse';
  close(): Promise<void>;
};

export type ConnectionOptions = SessionOptions & { readonly startGate: Gate };

export function createServerConnection(options: ConnectionOptions): ServerConnection {
  const { server, limits } = options;
  const restarting = createRestartingSession(options);
  let users = 0;
  let idleFrom = performance.now();
  let idleTimer: NodeJS.Timeout | undefined;
  return {
    async use(signal, work) {
      users += 1;
      clearTimeout(idleTimer);
      try {
        return await work(await orCancelled(restarting.session(), signal, server.name));
      } finally {
        users -= 1;
        idleFrom = performance.now();
        if (users === 0) idleTimer = setTimeout(() => void restarting.rest(), limits.idleMs).unref();
      }
    },
    isHealthy: restarting.isHealthy,
    idleSince: () => (users > 0 ? 'inUse' : idleFrom),
    async close() {
      await restarting.close();
      clearTimeout(idleTimer);
    },
  };
}

type State =
  | { readonly kind: 'down' }
  | { readonly kind: 'starting'; readonly session: Promise<Session> }
  | { readonly kind: 'up'; readonly session: Session }
  | { readonly kind: 'closed' };

type RestartingSession = {
  /** The running session, or a new one: not before the wait that the crashes in a row ask for. */
  readonly session: () => Promise<Session>;
  readonly isHealthy: () => void;
  /** Ends the process; the next `session` starts another. */
  readonly rest: () => Promise<void>;
  readonly close: () => Promise<void>;
};

function createRestartingSession(options: ConnectionOptions): RestartingSession {
  const { server, limits } = options;
  const closing = new AbortController();
  let state: State = { kind: 'down' };
  let crashes = 0;
  let notBefore = 0;

  function hasCrashed(): void {
    if (state.kind !== 'closed') state = { kind: 'down' };
    notBefore = performance.now() + Math.min(limits.maxBackoffMs, limits.backoffMs * 2 ** crashes);
    crashes += 1;
  }

  async function start(): Promise<Session> {
    const backoffMs = notBefore - performance.now();
    if (backoffMs > 0) await wait(backoffMs, undefined, { signal: closing.signal }).catch(() => undefined);
    return options.startGate(async () => {
      if (closing.signal.aborted) throw closedFailure(server.name);
      return openSession(options, closing.signal, () => {
        // While it starts, the failed start is what counts.
        if (state.kind === 'up') hasCrashed();
      });
    });
  }

  function session(): Promise<Session> {
    if (state.kind === 'closed') return Promise.reject(closedFailure(server.name));
    if (state.kind === 'up' && state.session.client.isAlive()) return Promise.resolve(state.session);
    if (state.kind === 'starting') return state.session;
    const starting = start();
    const mine: State = { kind: 'starting', session: starting };
    state = mine;
    // Whoever replaced the state in the meantime also closes what comes of this start.
    starting.then(
      (opened) => {
        if (state !== mine) return;
        if (opened.client.isAlive()) state = { kind: 'up', session: opened };
        else hasCrashed();
      },
      () => {
        if (state === mine) hasCrashed();
      },
    );
    return starting;
  }

  async function shut(next: State): Promise<void> {
    const before = state;
    state = next;
    if (before.kind === 'up') await before.session.client.close();
    if (before.kind === 'starting') await before.session.then((opened) => opened.client.close()).catch(() => undefined);
  }

  return {
    session,
    isHealthy() {
      crashes = 0;
    },
    async rest() {
      if (state.kind !== 'closed') await shut({ kind: 'down' });
    },
    close() {
      closing.abort();
      return shut({ kind: 'closed' });
    },
  };
}

/** One user's cancellation must not end a start that others wait for. */
async function orCancelled<T>(work: Promise<T>, signal: AbortSignal, server: string): Promise<T> {
  const { promise: cancelled, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    reject(
      new ToolFailure('Tool.Cancelled', `The start of the tool server "${server}" was not waited for.`, {
        retryable: false,
      }),
    );
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, cancelled]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** One server process with its session: started on first use, counted, restarted after a crash, closed when idle. */
import { setTimeout as wait } from 'node:timers/promises';
import { dieWithParent } from '../processes/die-with-parent.ts';
import { discoverTools } from './catalog.ts';
import type { Discovery } from './catalog.ts';
import { ToolFailure } from './failures.ts';
import { findCommand } from './find-command.ts';
import type { Limits } from './limits.ts';
import { openMcpClient, RequestFailed } from './mcp-client.ts';
import type { McpClient } from './mcp-client.ts';
import { startFailure } from './problem-text.ts';
import type { ServerConfig } from './server-config.ts';
import type { Gate } from './start-gate.ts';

export type Session = { readonly client: McpClient; tools(): Promise<Discovery> };

export type ServerConnection = {
  /** Starts the server if it is not running. The process is not closed for being idle while `work` runs. */
  use<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T>;
  /** A call went through: the server is healthy again, the next crash is a first one. */
  isHealthy(): void;
  /** Since when nobody uses it (milliseconds of `performance.now`), or that it is in use. */
  idleSince(): number | 'inUse';
  close(): Promise<void>;
};

export type ConnectionOptions = {
  readonly server: ServerConfig;
  readonly dataPaths: readonly string[];
  /** The PATH in which a bare command is looked for. */
  readonly searchPath: string;
  readonly limits: Limits;
  readonly startGate: Gate;
};

type State =
  | { readonly kind: 'down' }
  | { readonly kind: 'starting'; readonly session: Promise<Session> }
  | { readonly kind: 'up'; readonly session: Session }
  | { readonly kind: 'closed' };

export function createServerConnection(options: ConnectionOptions): ServerConnection {
  const { server, limits } = options;
  const closing = new AbortController();
  let state: State = { kind: 'down' };
  let crashes = 0;
  let notBefore = 0;
  let users = 0;
  let idleFrom = performance.now();
  let idleTimer: NodeJS.Timeout | undefined;

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
    clearTimeout(idleTimer);
    if (before.kind === 'up') await before.session.client.close();
    if (before.kind === 'starting') await before.session.then((opened) => opened.client.close()).catch(() => undefined);
  }

  return {
    async use(signal, work) {
      users += 1;
      clearTimeout(idleTimer);
      try {
        return await work(await orCancelled(session(), signal, server.name));
      } finally {
        users -= 1;
        idleFrom = performance.now();
        if (users === 0 && state.kind !== 'closed') {
          idleTimer = setTimeout(() => void shut({ kind: 'down' }), limits.idleMs).unref();
        }
      }
    },
    isHealthy() {
      crashes = 0;
    },
    idleSince: () => (users > 0 ? 'inUse' : idleFrom),
    close() {
      closing.abort();
      return shut({ kind: 'closed' });
    },
  };
}

async function openSession(options: ConnectionOptions, signal: AbortSignal, onCrash: () => void): Promise<Session> {
  const { server, limits } = options;
  const searchPath = server.env['PATH'] ?? options.searchPath;
  const found = await findCommand(server.command, server.cwd, searchPath);
  if (found.kind === 'problem') {
    const message = `Expected the tool server "${server.name}" to start: ${found.problem}. Correct its entry in mcp_servers_config.json.`;
    throw new ToolFailure('Tool.Unavailable', message, { retryable: false });
  }
  const paths = options.dataPaths.length > 0 ? options.dataPaths : server.readPaths;
  const tied = dieWithParent(found.path, server.args, { searchPath: options.searchPath, stdinIsFree: false });
  let tools: Promise<Discovery> | undefined;
  try {
    const client = await openMcpClient({
      command: tied.command,
      args: tied.args,
      env: { ...server.env, DPA_DATA_PATHS: JSON.stringify(paths) },
      cwd: server.cwd,
      limits,
      signal,
      onEnd(end) {
        if (end.kind !== 'closed') onCrash();
      },
      onToolsChanged() {
        tools = undefined;
      },
    });
    return {
      client,
      tools() {
        tools ??= discoverTools(client, server, limits).catch((error: unknown) => {
          tools = undefined;
          throw toStartFailure(error, server, limits);
        });
        return tools;
      },
    };
  } catch (error) {
    throw toStartFailure(error, server, limits);
  }
}

function toStartFailure(error: unknown, server: ServerConfig, limits: Limits): unknown {
  return error instanceof RequestFailed ? startFailure(server.name, error.problem, limits) : error;
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

export function closedFailure(server: string): ToolFailure {
  return new ToolFailure('Tool.Unavailable', `The tool server "${server}" was closed with its worker. Try again.`, {
    retryable: true,
  });
}

/** The embedded Temporal service: a child process on loopback with its SQLite file, started again when it dies. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { dieWithParent } from '../processes/die-with-parent.ts';
import { freePorts, loopback } from './free-ports.ts';
import { waitUntilServing } from './readiness.ts';
import { searchAttributes, serviceArguments, type ServicePorts } from './service-command.ts';
import { tailOf } from './log-file.ts';
import { spawnServiceChild, type ServiceChild } from './service-child.ts';

const readyLimitMs = 30_000;
/** The ports may be taken by another program between our look and the child's: then others are tried. */
const portAttemptsMax = 3;
const restartsMax = 10;
/** A child that served this long has proved itself: the count of restarts begins anew. */
const provenAfterMs = 60_000;
const restartBackoffMs = 100;
const restartBackoffMaxMs = 2_000;
/**
 * No grace by default: every acknowledged change is on disk before it is acknowledged (synchronous=full), and the
 * service's own stop would take 2 s.
 */
const stopGraceDefaultMs = 0;

export type ServiceOptions = {
  readonly program: string;
  readonly dbFile: string;
  readonly logFile: string;
  readonly namespace: string;
  readonly searchPath: string;
  /** Ports to prefer, e.g. those of the last run so that links stay good; taken ones are replaced. */
  readonly ports?: Partial<ServicePorts>;
  /** Told at once of each child's pid, so that it can be recorded for the time after a crash. */
  readonly onSpawn?: (pid: number) => void;
  readonly onProgress?: (text: string) => void;
  readonly stopGraceMs?: number;
  /** Ends the wait for readiness. */
  readonly signal?: AbortSignal;
};

export type TemporalService = {
  readonly address: string;
  readonly uiUrl: string;
  readonly ports: ServicePorts;
  /** A client connection for small questions, open as long as the service. */
  readonly connection: Connection;
  /** Pid of the present child. */
  pid(): number;
  /** Resolves with the reason when the service was given up; never when it is closed. */
  readonly lost: Promise<Error>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function openTemporalService(options: ServiceOptions): Promise<TemporalService> {
  const closing = new AbortController();
  const starting = AbortSignal.any([closing.signal, ...(options.signal ? [options.signal] : [])]);
  const first = await startOnFreePorts(options, starting);
  const { ports, connection } = first;
  let child = first.child;
  const lost = Promise.withResolvers<Error>();

  const keepRunning = async (): Promise<void> => {
    let restarts = 0;
    for (;;) {
      const startedAt = performance.now();
      const how = await child.ended;
      if (closing.signal.aborted) return;
      restarts = performance.now() - startedAt > provenAfterMs ? 1 : restarts + 1;
      if (restarts > restartsMax) throw givenUp(options, `It ${how}, ${restartsMax} restarts did not help.`);
      options.onProgress?.(`the Temporal service ${how}; starting it again (${restarts} of ${restartsMax})`);
      await delay(backoffMs(restarts), undefined, { signal: closing.signal });
      child = await spawnChild(options, ports);
      if (closing.signal.aborted) return child.stop(0);
      // One that does not get ready is one more that ended.
      await readyOrEnded(child, connection, options, closing.signal).catch(() => child.stop(0));
    }
  };
  const supervision = keepRunning().catch((error: unknown) => {
    if (!closing.signal.aborted) lost.resolve(error instanceof Error ? error : new Error(String(error)));
  });

  const close = async (): Promise<void> => {
    closing.abort();
    await child.stop(options.stopGraceMs ?? stopGraceDefaultMs);
    await supervision;
    await connection.close();
  };
  return {
    address: `${loopback}:${ports.grpc}`,
    uiUrl: `http://${loopback}:${ports.ui}`,
    ports,
    connection,
    pid: () => child.pid,
    lost: lost.promise,
    close,
    [Symbol.asyncDispose]: close,
  };
}

type Started = { readonly child: ServiceChild; readonly ports: ServicePorts; readonly connection: Connection };

async function startOnFreePorts(options: ServiceOptions, signal: AbortSignal): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    const wanted = attempt === 1 ? [options.ports?.grpc, options.ports?.ui] : [undefined, undefined];
    const [grpc = 0, ui = 0] = await freePorts(wanted);
    const ports = { grpc, ui };
    const child = await spawnChild(options, ports);
    const connection = await lazyConnection(grpc);
    try {
      await readyOrEnded(child, connection, options, signal);
      return { child, ports, connection };
    } catch (cause) {
      await child.stop(0);
      await connection.close();
      const portTaken = /address already in use/i.test(tailOf(options.logFile));
      if (!portTaken || attempt === portAttemptsMax) throw givenUp(options, errorText(cause), cause);
    }
  }
}

async function spawnChild(options: ServiceOptions, ports: ServicePorts): Promise<ServiceChild> {
  const args = serviceArguments(options.dbFile, options.namespace, loopback, ports);
  const tied = dieWithParent(options.program, args, { searchPath: options.searchPath, stdinIsFree: true });
  const child = await spawnServiceChild(tied, options.logFile);
  options.onSpawn?.(child.pid);
  return child;
}

async function readyOrEnded(
  child: ServiceChild,
  connection: Connection,
  { namespace }: ServiceOptions,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const ready = waitUntilServing(connection, {
    namespace,
    searchAttributes: Object.keys(searchAttributes),
    timeoutMs: readyLimitMs,
    signal: AbortSignal.any([signal, over.signal]),
  });
  const ended = child.ended.then((how) => {
    throw new Error(`It ${how} before it was ready.`);
  });
  try {
    await Promise.race([ready, ended]);
  } finally {
    over.abort();
    ready.catch(() => undefined);
    ended.catch(() => undefined);
  }
}

/** The library loads while the child starts: that takes about as long. */
async function lazyConnection(port: number): Promise<Connection> {
  const { Connection: connections } = await import('@temporalio/client');
  return connections.lazy({
    address: `${loopback}:${port}`,
    // The library's first wait is 1 s, longer than the whole start.
    // Readiness polls by itself; the library's retries outlive a closed connection and throw from a timer.
    interceptors: [],
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 20, 'grpc.max_reconnect_backoff_ms': 200 },
  });
}

function backoffMs(restart: number): number {
  return Math.min(restartBackoffMaxMs, restartBackoffMs * 2 ** (restart - 1));
}

function givenUp(options: ServiceOptions, found: string, cause?: unknown): Error {
  const tail = tailOf(options.logFile);
  return new Error(
    `Expected the Temporal service (${options.program}) to run with ${options.dbFile}. Found: ${found} ` +
      `Its log is ${options.logFile}${tail === '' ? ', empty' : `, and ends with:\n${tail}`}`,
    { cause },
  );
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

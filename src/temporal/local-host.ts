/** The life of the local host: lock → control channel → Temporal service → worker → stop when nobody needs it. */
import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { acquireTemporal } from './acquire.ts';
import { openControlServer } from './host-control.ts';
import { createHostDesk, type HostDesk } from './host-desk.ts';
import { hostFiles, readPorts, removeEndpoint, writeEndpoint, writePorts } from './host-endpoint.ts';
import { tryLock } from './lock.ts';
import { openTemporalService, type TemporalService } from './service.ts';
import { cleanUpAfterCrash } from './stale.ts';
import { waitUntilUnused } from './unused.ts';

/** A long activity may outlive the worker's shutdown: the process ends without it, and Temporal gives it to the next. */
const workerStopLimitMs = 5_000;
/** How long a host that failed waits for a client to tell it to. */
const failedLimitMs = 5_000;

export type HostWorker = { run(): Promise<void>; shutdown(): void };

export type OpenHostWorker = (
  config: Config,
  options: { readonly address: string; readonly onProgress: (text: string) => void },
) => Promise<HostWorker>;

/** `taken`: another process is the host of this home already. */
export type HostEnd =
  { readonly kind: 'taken' } | { readonly kind: 'stopped' } | { readonly kind: 'failed'; readonly error: unknown };

export type HostOptions = {
  /** Called while the service starts: loading the worker's code takes about as long. */
  readonly loadWorker: () => Promise<OpenHostWorker>;
  /** Stops the host when aborted. */
  readonly signal: AbortSignal;
};

/** Resolves when the host has stopped; the process shall exit then, since an activity may still hold it. */
export async function runLocalHost(config: Config, options: HostOptions): Promise<HostEnd> {
  mkdirSync(config.home, { recursive: true, mode: 0o700 });
  using lock = tryLock(hostFiles(config.home).lock);
  if (!lock) return { kind: 'taken' };
  await cleanUpAfterCrash(config.home);
  const desk = createHostDesk(config.temporal.namespace);
  options.signal.addEventListener('abort', () => desk.requestStop(), { once: true });
  await using control = await openControlServer((kind, client) => desk.answer(kind, client));
  const record = (temporalPid: number | null): void =>
    writeEndpoint(config.home, { version: 1, pid: process.pid, port: control.port, token: control.token, temporalPid });
  record(null);
  try {
    void waitUntilUnused(desk.leases, () => desk.countRunning(), desk.stop).then(
      () => desk.requestStop(),
      () => undefined,
    );
    await serve(config, desk, options.loadWorker, (pid) => {
      desk.recordTemporalPid(pid);
      record(pid);
    });
    return { kind: 'stopped' };
  } catch (error) {
    if (desk.stop.aborted) return { kind: 'stopped' };
    await Promise.race([desk.failed(error), delay(failedLimitMs)]);
    return { kind: 'failed', error };
  } finally {
    removeEndpoint(config.home);
  }
}

async function serve(
  config: Config,
  desk: HostDesk,
  loadWorker: () => Promise<OpenHostWorker>,
  onTemporalPid: (pid: number) => void,
): Promise<void> {
  const files = hostFiles(config.home);
  const onProgress = (text: string): void => desk.progress(text);
  const program = await acquireTemporal({ ...config, onProgress, signal: desk.stop });
  onProgress('starting the Temporal service');
  let worker: Promise<OpenHostWorker> | undefined;
  await using service = await openTemporalService({
    program,
    dbFile: files.temporalDb,
    logFile: files.temporalLog,
    namespace: config.temporal.namespace,
    searchPath: config.searchPath,
    ports: readPorts(config.home),
    signal: desk.stop,
    onProgress,
    onSpawn: (pid) => {
      onTemporalPid(pid);
      worker ??= loadWorker();
      worker.catch(() => undefined);
    },
  });
  writePorts(config.home, service.ports);
  onProgress('starting the worker');
  const openWorker = await (worker ?? loadWorker());
  const opened = await openWorker(config, { address: service.address, onProgress });
  await runUntilStopped(opened, service, desk);
}

async function runUntilStopped(worker: HostWorker, service: TemporalService, desk: HostDesk): Promise<void> {
  const running = worker.run();
  const stopped = new Promise<'stop'>((resolve) => {
    if (desk.stop.aborted) resolve('stop');
    desk.stop.addEventListener('abort', () => resolve('stop'), { once: true });
  });
  desk.ready(service);
  try {
    const first = await Promise.race([running.then(() => 'ended' as const), stopped, service.lost]);
    if (first instanceof Error) throw first;
    if (first === 'ended') throw new Error('Expected the worker to run until the host stops; it ended by itself.');
  } finally {
    shutDown(worker);
    await Promise.race([running.catch(() => undefined), delay(workerStopLimitMs)]);
  }
}

/** A worker that has failed is no longer there to be shut down. */
function shutDown(worker: HostWorker): void {
  try {
    worker.shutdown();
  } catch {
    // It has ended already, which is what was wanted.
  }
}

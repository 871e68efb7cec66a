/** An arena in which the worker is a process of its own, so that it can be killed while the Temporal service stays. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { dieWithParent } from '../../../src/processes/die-with-parent.ts';
import { waitUntilGone } from '../../../src/processes/running.ts';
import { openTestService } from '../temporal-service.ts';
import { safeNow, type Arena, type Kill } from './arena.ts';
import { runInArena, type Setting } from './run.ts';
import type { FaultWorld } from './world.ts';

const programs = { ledger: 'worker.ts', models: 'model-worker.ts', poison: 'poison-worker.ts' } as const;

/** A worker that was told to stop ends its calls first. */
const stopLimitMs = 15_000;

export type WorkerArena = Arena & {
  /** SIGKILL to the worker, another one is started at once. */
  killWorker(whileDead?: () => void): Promise<Kill>;
  /** From now on another worker is started whenever one dies. */
  keepWorker(): void;
};

/** One analysis with a worker and a service of their own, which are gone afterwards. */
export async function inWorkerArena(setting: Setting, kill: (arena: WorkerArena) => Promise<Kill>) {
  return runInArena(await openWorkerArena(setting.world), setting, kill);
}

/** `kind`: with the ledger model, or with the models that the environment of the world names. */
export async function openWorkerArena(world: FaultWorld, kind: keyof typeof programs = 'ledger'): Promise<WorkerArena> {
  const program = fileURLToPath(new URL(programs[kind], import.meta.url));
  const temporal = await openTestService();
  const pids = new Set<number>([temporal.pid()]);
  const connection = await Connection.connect({ address: temporal.address });
  let worker = await startWorker();
  let isClosing = false;

  async function startWorker(): Promise<ChildProcess> {
    const { environment, searchPath } = world.configFor(temporal.address);
    const words = ['--disable-warning=ExperimentalWarning', program];
    // A test that is broken off must leave no worker behind.
    const tied = dieWithParent(process.execPath, words, { searchPath, stdinIsFree: true });
    const child = spawn(tied.command, tied.args, {
      cwd: world.folder,
      env: { ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (child.pid !== undefined) pids.add(child.pid);
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`Expected the worker to become ready; it ended with ${code}.`);
      }),
    ]);
    return child;
  }

  function keepWorker(): void {
    worker.once('exit', () => {
      if (isClosing) return;
      void startWorker().then((next) => {
        worker = next;
        keepWorker();
      });
    });
  }

  return {
    world,
    pids,
    service: {
      client: new Client({ connection }),
      namespace: 'default',
      uiUrl: temporal.uiUrl,
      searchAttributes: true,
      [Symbol.asyncDispose]: async () => undefined,
    },
    whenBack: async () => undefined,
    async killWorker(whileDead) {
      const atMs = performance.now();
      const ended = once(worker, 'exit');
      worker.kill('SIGKILL');
      await ended;
      const safe = safeNow(world);
      whileDead?.();
      worker = await startWorker();
      return { atMs, backAtMs: performance.now(), ...safe };
    },
    keepWorker,
    async close() {
      isClosing = true;
      worker.kill('SIGTERM');
      await waitUntilGone(worker.pid ?? 0, stopLimitMs);
      await connection.close();
      await temporal.close();
    },
  };
}

/** Row 7: how long an analysis stands still when its worker is killed in the middle of a model call. */
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { startAnalysis } from '../src/commands/start.ts';
import { createFaultWorld, type FaultWorld } from '../test/support/faults/world.ts';
import { openTestService } from '../test/support/temporal-service.ts';
import { atMost, median, type Measure } from './measure.ts';
import { endBy, startProgram } from './processes.ts';

const runs = 4;
const killsPerRun = 2;
const turnsBetweenKills = 2;
const pollMs = 3;
const patienceMs = 60_000;

type Standstill = { readonly workerStartMs: number; readonly standstillMs: number };

export const resume: Measure = {
  name: 'resume',
  about: 'from the SIGKILL of a worker in a model call to the next completed step, another worker started at once',
  async run() {
    const kills: Standstill[] = [];
    for (let run = 0; run < runs; run += 1) kills.push(...(await killedRun(run)));
    const standstills = kills.map(({ standstillMs }) => standstillMs);
    const [startS, oursS] = [
      median(kills.map(({ workerStartMs }) => workerStartMs)) / 1000,
      median(standstills) / 1000,
    ];
    return [
      {
        metric: `7 resume after kill, p50 of ${kills.length}`,
        unit: 's',
        baseline: startS,
        against: 'start of the new worker, part of it',
        ours: oursS,
        ratio: oursS / startS,
        target: atMost(3, 1, 'ours'),
        note: `min ${seconds(Math.min(...standstills))}, max ${seconds(Math.max(...standstills))}. That no completed call is repeated (row 6) is proved by test/faults (\`npm run test:faults\`).`,
      },
    ];
  },
};

/** One analysis whose worker is killed a few times; every time another one takes over. */
async function killedRun(run: number): Promise<Standstill[]> {
  const world = createFaultWorld();
  await using service = await openTestService();
  const connection = await Connection.connect({ address: service.address });
  const { environment } = world.configFor(service.address);
  const startWorker = () =>
    startProgram('test/support/faults/worker.ts', [], {
      cwd: world.folder,
      env: environment,
      on: 'stdout',
      isAwaited: (line) => line === 'ready',
    });
  const client = new Client({ connection });
  const kills: Standstill[] = [];
  let worker = await startWorker();
  try {
    const id = `resume-${run}`;
    const request = { id, task: 'Measure all parts', data: [], model: 'builtin', maxSteps: 40 };
    const dispose = () => Promise.resolve();
    await startAnalysis(
      { client, namespace: 'default', searchAttributes: true, [Symbol.asyncDispose]: dispose },
      request,
    );
    for (let kill = 0; kill < killsPerRun; kill += 1) {
      const before = replies(world);
      await until(() => replies(world) >= before + turnsBetweenKills && world.ledger().at(-1)?.kind === 'asked');
      const atMs = performance.now();
      const atKill = replies(world);
      await endBy('SIGKILL', worker.child);
      worker = await startWorker();
      await until(() => replies(world) > atKill);
      kills.push({ workerStartMs: worker.afterMs, standstillMs: performance.now() - atMs });
    }
    await client.workflow.getHandle(id).result();
  } finally {
    await endBy('SIGKILL', worker.child);
    await connection.close();
    world.remove();
  }
  return kills;
}

function replies(world: FaultWorld): number {
  return world.ledger().filter((entry) => entry.kind === 'replied').length;
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Expected the analysis to go on within ${patienceMs} ms.`);
    await delay(pollMs);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

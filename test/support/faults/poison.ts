/** A tool call that kills its worker, again and again: parked and asked about, while others on the same worker go on. */
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Ask } from '../../../src/analysis/decisions.ts';
import { startAnalysis } from '../../../src/commands/start.ts';
import { pendingQuery, statusQuery, type AnalysisWorkflow } from '../../../src/workflows/messages.ts';
import { say } from '../asked.ts';
import { expectNothingLeft } from './invariants.ts';
import { openWorkerArena, type WorkerArena } from './worker-arena.ts';
import { createFaultWorld } from './world.ts';

export const poisonTask = 'Call what kills';

/** Calls of each of the other analyses, one after the other. */
export const peacefulTurns = 12;

const limitMs = 300_000;

/** `others`: analyses that run on the same worker. */
export function describePoison({ others }: { readonly others: number }): void {
  test(
    `a call that kills its worker three times is parked; ${others} others on that worker complete`,
    async () => {
      const world = createFaultWorld();
      const arena = await openWorkerArena(world, 'poison');
      try {
        arena.keepWorker();
        const poisoned = await started(arena, 'poisoned', poisonTask);
        const peaceful = await Promise.all(
          Array.from({ length: others }, (_, index) => started(arena, `peaceful-${index}`, 'Measure')),
        );
        const ask = await parked(poisoned);
        expect(ask).toMatchObject({
          kind: 'trouble',
          text: expect.stringContaining('lost its worker 3 times') as string,
        });
        expect(await poisoned.query(statusQuery)).toMatchObject({ status: 'waiting' });
        expect(calls(arena, 'kill')).toBe(3);
        // Each of its calls is answered, and nobody was asked.
        for (const handle of peaceful)
          expect(await handle.result()).toMatchObject({ status: 'completed', exitCode: 0 });
        expect(new Set(world.ledger().flatMap((entry) => (entry.kind === 'called' ? [entry.key] : []))).size).toBe(
          1 + others * peacefulTurns,
        );
        await say(poisoned, ask, 'without it is not worth a worker');
        expect(await poisoned.result()).toMatchObject({ status: 'completed', exitCode: 3 });
        expect(calls(arena, 'kill')).toBe(3);
      } finally {
        await arena.close();
      }
      await expectNothingLeft(arena);
      world.remove();
    },
    limitMs,
  );
}

/** Nobody answers a query while the worker is dead. */
async function parked(handle: WorkflowHandle<AnalysisWorkflow>): Promise<Ask> {
  for (;;) {
    const [ask] = await handle.query(pendingQuery).catch(() => []);
    if (ask !== undefined) return ask;
    await delay(100);
  }
}

async function started({ service }: WorkerArena, id: string, task: string) {
  await startAnalysis(service, { id, task, data: [], model: 'builtin', maxSteps: 40 });
  return service.client.workflow.getHandle<AnalysisWorkflow>(id);
}

function calls({ world }: WorkerArena, tool: string): number {
  return world.ledger().filter((entry) => entry.kind === 'called' && entry.tool === tool).length;
}

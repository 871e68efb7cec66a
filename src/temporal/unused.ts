/** Decides when nobody needs an auto-started host any more: no client, and no analysis that runs. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { taskQueue } from '../analysis/task-queue.ts';

/** Two checks, so that an analysis that was started just before its client left is seen by the second. */
const zeroChecksNeeded = 2;
const checkPauses = { afterZeroMs: 500, afterRunningMs: 1_000 };
const countLimitMs = 2_000;

/** Who holds the host: clients by their open connections. */
export type Leases = {
  size(): number;
  add(): { end(): void };
  /** Counts comings and goings: unchanged means nobody came in between. */
  changes(): number;
  /** Resolves at the next coming or going. */
  changed(): Promise<void>;
};

export function createLeases(): Leases {
  const held = new Set<object>();
  let changes = 0;
  let next = Promise.withResolvers<void>();
  const change = (): void => {
    changes += 1;
    next.resolve();
    next = Promise.withResolvers<void>();
  };
  return {
    size: () => held.size,
    changes: () => changes,
    changed: () => next.promise,
    add() {
      const lease = { end: () => void (held.delete(lease) && change()) };
      held.add(lease);
      change();
      return lease;
    },
  };
}

/** Resolves when there was no lease and nothing running at two checks in a row with no client between them. */
export async function waitUntilUnused(
  leases: Leases,
  countRunning: () => Promise<number>,
  signal: AbortSignal,
  pauses: typeof checkPauses = checkPauses,
): Promise<void> {
  let zeroChecks = 0;
  let changesSeen = -1;
  for (;;) {
    signal.throwIfAborted();
    if (leases.size() > 0) {
      await Promise.race([leases.changed(), rejection(signal)]);
      continue;
    }
    const quiet = (await countRunning()) === 0 && leases.size() === 0;
    if (leases.changes() !== changesSeen) zeroChecks = 0;
    changesSeen = leases.changes();
    zeroChecks = quiet ? zeroChecks + 1 : 0;
    if (zeroChecks === zeroChecksNeeded) return;
    if (leases.size() === 0) await delay(quiet ? pauses.afterZeroMs : pauses.afterRunningMs, undefined, { signal });
  }
}

/**
 * Analyses that need the host now. What waits for a person or a timer, or is paused, is on disk and goes on with the
 * next host. Rejects when the service does not answer.
 */
export async function countRunningAnalyses(connection: Connection, namespace: string): Promise<number> {
  const query =
    `ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}' ` +
    `AND (DpaStatus IS NULL OR DpaStatus NOT IN ('waiting', 'paused'))`;
  const { count } = await connection.withDeadline(Date.now() + countLimitMs, () =>
    connection.workflowService.countWorkflowExecutions({ namespace, query }),
  );
  return Number(count ?? 0);
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')),
      {
        once: true,
      },
    );
  });
}

/** Cancels what is under way when the time of the analysis is over. */
import { CancellationScope, condition } from '@temporalio/workflow';
import type { Loop } from './loop.ts';

export const late = Symbol('late');

/** Resolves with `late` when the time was over first; a cancellation from outside is thrown on. */
export async function beforeDeadline<T>(loop: Loop, work: () => Promise<T>): Promise<T | typeof late> {
  if (loop.input.limits?.workMs !== undefined) return beforeWorkIsOver(loop, work);
  const { untilMs } = loop.state.budget;
  if (untilMs === undefined) return work();
  const scope = new CancellationScope({ cancellable: true, timeout: Math.max(1, untilMs - Date.now()) });
  try {
    return await scope.run(work);
  } catch (error) {
    if (!scope.consideredCancelled || CancellationScope.current().consideredCancelled) throw error;
    return late;
  }
}

/** The same where time does not count while nothing is under way, and where the limit may change meanwhile. */
async function beforeWorkIsOver<T>(loop: Loop, work: () => Promise<T>): Promise<T | typeof late> {
  const working = new CancellationScope();
  const watching = new CancellationScope();
  let isOver = false;
  const watched = watching.run(async () => {
    await timeIsOver(loop);
    isOver = true;
    working.cancel();
  });
  watched.catch(() => undefined);
  try {
    return await working.run(work);
  } catch (error) {
    if (!isOver || CancellationScope.current().consideredCancelled) throw error;
    return late;
  } finally {
    watching.cancel();
  }
}

async function timeIsOver(loop: Loop): Promise<void> {
  for (;;) {
    await condition(() => loop.state.budget.idleSinceMs === undefined);
    const { untilMs = Infinity } = loop.state.budget;
    const leftMs = untilMs - Date.now();
    if (leftMs <= 0) return;
    await condition(() => {
      const { idleSinceMs, untilMs: now } = loop.state.budget;
      return idleSinceMs !== undefined || now !== untilMs;
    }, leftMs);
  }
}

/** Cancels what is under way when the time of the analysis is over. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Loop } from './loop.ts';

export const late = Symbol('late');

/** Resolves with `late` when the time was over first; a cancellation of the analysis itself is thrown on. */
export async function beforeDeadline<T>(loop: Loop, work: () => Promise<T>): Promise<T | typeof late> {
  const { untilMs } = loop.state.budget;
  if (untilMs === undefined) return work();
  try {
    return await CancellationScope.withTimeout(Math.max(1, untilMs - Date.now()), work);
  } catch (error) {
    if (!isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    return late;
  }
}

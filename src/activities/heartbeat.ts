/** Runs an activity's work under a steady heartbeat, so that a dead worker is noticed and a cancellation arrives at once. */
import { Context } from '@temporalio/activity';
import { toApplicationFailure } from './failures.ts';

/** Well below the heartbeat timeout of 2 s in workflows/activity-options.ts, so that one late beat does no harm. */
const beatEveryMs = 400;

/** `work` gets the signal that is aborted when the activity is cancelled; what it throws becomes a typed failure. */
export async function withHeartbeat<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), beatEveryMs);
  try {
    return await work(context.cancellationSignal);
  } catch (error) {
    // The activity was cancelled: Temporal's own failure says so better than whatever the abort made of the work.
    if (context.cancellationSignal.aborted) await context.cancelled;
    throw toApplicationFailure(error);
  } finally {
    clearInterval(timer);
  }
}

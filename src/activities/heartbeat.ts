/** Runs an activity's work under a steady heartbeat, so that a dead worker is noticed and a cancellation arrives at once. */
import { Context } from '@temporalio/activity';
import { toApplicationFailure } from './failures.ts';

/** An interrupt arrives with a beat. The worker passes on at most one in 250 ms, so it never waits for the next one here. */
const beatEveryMs = 200;

/** From now on each beat carries what `details` gives, the first one at once. */
export type Carry = (details: () => unknown) => void;

/**
 * `work` gets the signal that is aborted when the activity is cancelled; what it throws becomes a typed failure.
 * `hasAnother`: somebody else can do it at once, so a failure is not waited over for long.
 */
export async function withHeartbeat<T>(
  work: (signal: AbortSignal, carry: Carry) => Promise<T>,
  hasAnother = false,
): Promise<T> {
  const context = Context.current();
  let beat = (): void => context.heartbeat();
  const timer = setInterval(() => beat(), beatEveryMs);
  const carry: Carry = (details) => {
    beat = () => context.heartbeat(details());
    beat();
  };
  try {
    return await work(context.cancellationSignal, carry);
  } catch (error) {
    // The activity was cancelled: Temporal's own failure says so better than whatever the abort made of the work.
    if (context.cancellationSignal.aborted) await context.cancelled;
    throw toApplicationFailure(error, context.info.attempt, hasAnother);
  } finally {
    clearInterval(timer);
  }
}

/** The failure inside what Temporal threw, if it is one that an analysis can go on from. */
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';

export function applicationFailureIn(error: unknown): ApplicationFailure | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? cause : undefined;
}

/** Whether an activity did not end within its time, however often it was tried: its worker was lost again and again, or it hung. */
export function isTimeout(error: unknown): boolean {
  return error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
}

/** What a call of a model failed with; undefined when it was something else, which nobody else can do better. */
export function modelFailureIn(error: unknown): ApplicationFailure | undefined {
  const failure = applicationFailureIn(error);
  if (failure?.type?.startsWith('Model.') === true) return failure;
  if (!isTimeout(error)) return undefined;
  return ApplicationFailure.create({
    type: 'Model.IdleTimeout',
    message: 'the call did not end within its time, however often it was tried',
  });
}

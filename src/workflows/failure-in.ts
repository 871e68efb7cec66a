/** The failure of ours inside what Temporal threw, if there is one. */
import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';

export function applicationFailureIn(error: unknown): ApplicationFailure | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? cause : undefined;
}

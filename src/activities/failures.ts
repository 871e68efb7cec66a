/** Turns what an adapter threw into Temporal's failure: the one place where activities make failures. */
import { ApplicationFailure } from '@temporalio/common';
import { failures, isFailureType } from '../analysis/failures.ts';

/** Longest message that goes into history. */
const maxMessageCharacters = 2_000;

/** Typed failures keep their type and follow the table; anything else is a bug, tried again a few times. */
export function toApplicationFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const message = (error instanceof Error ? error.message : String(error)).slice(0, maxMessageCharacters);
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  if (!isFailureType(type)) return ApplicationFailure.create({ type: 'Bug', message, cause: error as Error });
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: !failures[type].retried || isFinal(error),
    details: subjectOf(error),
  });
}

/** What the failure is about: the workflow mends a lost blob by its reference. */
function subjectOf(error: unknown): string[] {
  return error instanceof Error && 'subject' in error && typeof error.subject === 'string' ? [error.subject] : [];
}

/** A call that may have taken effect is not repeated, though its kind of failure usually is. */
function isFinal(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === false;
}

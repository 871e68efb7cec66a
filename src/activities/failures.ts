/** Turns what an adapter threw into Temporal's failure: the one place where activities make failures. */
import { ApplicationFailure } from '@temporalio/common';
import { failures, isFailureType } from '../analysis/failures.ts';
import { waitBeforeNext } from '../analysis/model-retries.ts';
import type { CallTrouble } from './contract.ts';
import type { ModelFailure } from '../llm/model-failure.ts';

/** Longest message that goes into history. */
const maxMessageCharacters = 2_000;

/** Typed failures keep their type and follow the table; anything else is a bug, tried again a few times. */
export function toApplicationFailure(error: unknown, attempt = 1, hasAnother = false): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const message = (error instanceof Error ? error.message : String(error)).slice(0, maxMessageCharacters);
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  if (!isFailureType(type)) return ApplicationFailure.create({ type: 'Bug', message, cause: error as Error });
  const waitMs = isModelFailure(error)
    ? waitBeforeNext(type, attempt, error.facts.retryAfterMs, Math.random(), hasAnother)
    : undefined;
  const isSpent = isModelFailure(error) && waitMs === undefined;
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: !isRetried(error, failures[type].retried) || isSpent,
    details: detailsOf(error),
    ...(waitMs === undefined ? {} : { nextRetryDelay: waitMs }),
  });
}

/** For tool calls: the service tries none of these again; the workflow does, or a person decides. */
export function toCallFailure(error: unknown): ApplicationFailure {
  const failure = toApplicationFailure(error);
  const details: [CallTrouble] = [{ mayRetry: failure.nonRetryable !== true }];
  if (failure.type?.startsWith('Store.') === true) return failure;
  return ApplicationFailure.create({
    type: failure.type ?? 'Bug',
    message: failure.message,
    nonRetryable: true,
    details,
  });
}

/** The facts of a model's failure for the router; else what it is about: a lost blob is mended by its reference. */
function detailsOf(error: unknown): unknown[] {
  if (isModelFailure(error)) return [error.facts];
  return error instanceof Error && 'subject' in error && typeof error.subject === 'string' ? [error.subject] : [];
}

/** A call that may have taken effect is not repeated, though its kind usually is; a model's server may say otherwise. */
function isRetried(error: unknown, byTable: boolean): boolean {
  if (isModelFailure(error)) return error.facts.retryable ?? byTable;
  return byTable && !(error instanceof Error && 'retryable' in error && error.retryable === false);
}

/** By its shape: activities know adapters only as types. */
function isModelFailure(error: unknown): error is ModelFailure {
  return error instanceof Error && 'facts' in error && typeof error.facts === 'object' && error.facts !== null;
}

/** Every timeout and retry policy of the activities, in one place. */
import type { ActivityOptions } from '@temporalio/workflow';
import { attemptsTogether } from '../analysis/tool-recovery.ts';

/**
 * A dead worker is noticed after `heartbeatTimeout`; the wrapper in activities/heartbeat.ts beats every 200 ms.
 * Retrying starts at 100 ms so that a killed worker's step goes on as soon as another worker is there. Which failures
 * are never retried each failure says itself (activities/failures.ts): a list here would stand in history with every step.
 */
const noticed = {
  heartbeatTimeout: '2 seconds',
  retry: {
    initialInterval: '100 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '10 seconds',
    maximumAttempts: 12,
  },
} satisfies Partial<ActivityOptions>;

/** A call that is cancelled is over before anything follows, and may still end with what it has. */
const waitedFor = { ...noticed, cancellationType: 'WAIT_CANCELLATION_COMPLETED' } satisfies Partial<ActivityOptions>;

/** Longer than any answer may take, see llm/stream-guard.ts: one that lives is not cut here and bought again. */
export const modelOptions = { ...waitedFor, startToCloseTimeout: '150 minutes' } satisfies ActivityOptions;

/** Failures are tried again by the workflow, which sees them; the service does it by itself only where a worker was lost. */
export const toolOptions = {
  ...waitedFor,
  retry: { ...noticed.retry, maximumAttempts: attemptsTogether },
  startToCloseTimeout: '11 minutes',
} satisfies ActivityOptions;

export const toolAloneOptions = { ...toolOptions, retry: { maximumAttempts: 1 } } satisfies ActivityOptions;

export const catalogOptions = { ...noticed, startToCloseTimeout: '2 minutes' } satisfies ActivityOptions;

/** A receiver that does not answer is told in the progress; the decision is waited for all the same. */
export const tellOptions = {
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumAttempts: 5 },
} satisfies ActivityOptions;

/** A table has many statements, each with its own, shorter limit. */
export const qualityTableOptions = { ...noticed, startToCloseTimeout: '4 hours' } satisfies ActivityOptions;

export const reportOptions = { ...waitedFor, startToCloseTimeout: '15 minutes' } satisfies ActivityOptions;

/** A workflow task lost with its worker is handed out again after this; the default of 10 s would be felt. */
export const workflowTaskTimeout = '3 seconds';

/** How long a task waits for the worker that has the workflow in its cache before any worker may take it. */
export const stickyQueueScheduleToStartTimeout = '1 second';

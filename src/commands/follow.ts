/** Follows an analysis to its end: new progress as it comes, then the outcome; outlives the loss of the service. */
import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError, WorkflowFailedError, WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { ProgressEvent } from '../analysis/progress.ts';
import { CommandError, exitCode } from '../command-error.ts';
import {
  statusQuery,
  type AnalysisOutcome,
  type AnalysisStatus,
  type AnalysisWorkflow,
} from '../workflows/messages.ts';
import type { Service } from './service.ts';

/** How often progress is asked for: soon again while there is news, then less and less. A query leaves no trace in history. */
const pollAfterNewsMs = 60;
const pollEveryMs = 250;
const pollSlowdown = 1.5;

/** How long one question for progress may take. */
const queryLimitMs = 3_000;

/** How long the service may be away before we give up following; the analysis itself loses nothing. */
const maxAwayMs = 60_000;

/** Failures outside the family Config that a setting or a flag mends. */
const usageTypes: readonly string[] = ['Model.Unknown', 'Model.NoPrice', 'Model.WindowTooSmall', 'Store.Unwritable'];

export type Followed =
  | { readonly kind: 'ended'; readonly outcome: AnalysisOutcome }
  | { readonly kind: 'failed'; readonly message: string; readonly exitCode: number };

export type Follower = {
  /** The present service; `reopen` replaces it, starting the local host again where it has gone. */
  readonly service: Service;
  reopen(): Promise<void>;
  /** Whether it is certain that the present service does not come back: the local host it belonged to has gone. */
  isGone(): Promise<boolean>;
  onProgress(event: ProgressEvent, status: AnalysisStatus): void;
  /** After each look at it, whether there is news or not. */
  onStatus(status: AnalysisStatus): void;
};

export async function followAnalysis(follower: Follower, id: string): Promise<Followed> {
  const seen = { seq: 0 };
  for (let awaySince: number | undefined; ;) {
    try {
      return await followWhileThere(follower, id, seen, () => (awaySince = undefined));
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw unknownAnalysis(id);
      if (!(error instanceof ServiceError)) throw error;
      awaySince ??= Date.now();
      if (Date.now() - awaySince > maxAwayMs) throw unreachable(id, error);
      await delay(pollEveryMs);
      await follower.reopen();
    }
  }
}

async function followWhileThere(
  follower: Follower,
  id: string,
  seen: { seq: number },
  isThere: () => void,
): Promise<Followed> {
  const handle = follower.service.client.workflow.getHandle<AnalysisWorkflow>(id);
  const ending = ended(handle);
  ending.catch(() => undefined);
  for (let pauseMs = pollAfterNewsMs; ;) {
    const end = await Promise.race([ending, delay(pauseMs)]);
    const before = seen.seq;
    const isTold = await tellProgress(follower, handle, seen);
    if (isTold) isThere();
    // Temporal's client goes on trying for half a minute by itself: nobody who watches should wait for that.
    else if (end === undefined && (await follower.isGone())) throw new ServiceError('The local host has gone.');
    if (end !== undefined) return end;
    pauseMs = seen.seq > before ? pollAfterNewsMs : Math.min(pollEveryMs, pauseMs * pollSlowdown);
  }
}

async function ended(handle: WorkflowHandle<AnalysisWorkflow>): Promise<Followed> {
  try {
    return { kind: 'ended', outcome: await handle.result() };
  } catch (error) {
    if (error instanceof WorkflowFailedError) return failureOf(error);
    throw error;
  }
}

/** A query needs a worker: while there is none, progress stands still, which is no error. */
async function tellProgress(
  follower: Follower,
  handle: WorkflowHandle<AnalysisWorkflow>,
  seen: { seq: number },
): Promise<boolean> {
  const status = await follower.service.client
    .withDeadline(Date.now() + queryLimitMs, () => handle.query(statusQuery, { after: seen.seq }))
    .catch(() => undefined);
  for (const event of status?.progress ?? []) {
    seen.seq = event.seq;
    follower.onProgress(event, status!);
  }
  if (status !== undefined) follower.onStatus(status);
  return status !== undefined;
}

function failureOf(error: WorkflowFailedError): Followed {
  const cause = innermost(error);
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  return { kind: 'failed', message, exitCode: exitCodeOf(type ?? undefined, error) };
}

function innermost(error: unknown): unknown {
  let cause = error;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  return cause;
}

function exitCodeOf(type: string | undefined, error: WorkflowFailedError): number {
  if (error.cause?.name === 'CancelledFailure' || error.cause?.name === 'TerminatedFailure') return exitCode.stopped;
  const family = type?.split('.')[0];
  if (type === 'Report.NotDelivered') return exitCode.notDelivered;
  if (family === 'Config' || usageTypes.includes(type ?? '')) return exitCode.usage;
  if (family === 'Tool' || family === 'Model' || family === 'Store') return exitCode.unreachable;
  return exitCode.bug;
}

export function unknownAnalysis(id: string): CommandError {
  return new CommandError(
    `Expected the id of an analysis, found no analysis "${id}". \`dpa sessions --all\` lists them.`,
    exitCode.usage,
  );
}

function unreachable(id: string, cause: Error): CommandError {
  return new CommandError(
    `The Temporal service has been away for ${maxAwayMs / 1000} s. The analysis ${id} is kept; \`dpa watch ${id}\` follows it again.`,
    exitCode.unreachable,
    { cause },
  );
}

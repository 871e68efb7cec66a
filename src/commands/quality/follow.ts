/** Follows a quality run to its end: each table as it is done; leaving changes nothing. */
import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { exitCode } from '../../command-error.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { qualityStatusQuery } from '../../workflows/quality-messages.ts';
import type { QualityRunOutcome, QualityRunWorkflow } from '../../workflows/quality-messages.ts';
import type { Service } from '../service.ts';

/** A query leaves no trace in history. */
const pollEveryMs = 300;
const queryLimitMs = 3_000;

export type QualityEnd =
  | { readonly kind: 'ended'; readonly outcome: QualityRunOutcome }
  | { readonly kind: 'failed'; readonly message: string; readonly exitCode: number }
  | { readonly kind: 'left' };

export async function followQuality(service: Service, id: string, terminal: Terminal): Promise<QualityEnd> {
  const handle = service.client.workflow.getHandle<QualityRunWorkflow>(id);
  const left = Promise.withResolvers<QualityEnd>();
  const leave = (): void => left.resolve({ kind: 'left' });
  process.once('SIGINT', leave);
  const ending = handle.result().then(
    (outcome): QualityEnd => ({ kind: 'ended', outcome }),
    (error: unknown): QualityEnd => {
      if (error instanceof WorkflowFailedError) return failureOf(error);
      throw error;
    },
  );
  ending.catch(() => undefined);
  const told = new Set<string>();
  try {
    for (;;) {
      const end = await Promise.race([ending, left.promise, delay(pollEveryMs)]);
      if (end !== undefined) return end;
      await tell();
    }
  } finally {
    process.removeListener('SIGINT', leave);
  }

  /** Without a worker nobody answers; progress stands still then, which is no error. */
  async function tell(): Promise<void> {
    const status = await service.client
      .withDeadline(Date.now() + queryLimitMs, () => handle.query(qualityStatusQuery))
      .catch(() => undefined);
    for (const { key, state, text } of status?.tables ?? []) {
      const name = `${key.contract}/${key.table}`;
      if ((state !== 'done' && state !== 'failed') || told.has(name)) continue;
      told.add(name);
      terminal.progress(`${key.table}: ${text ?? state}`);
    }
  }
}

function failureOf(error: WorkflowFailedError): QualityEnd {
  let cause: unknown = error;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  const type = cause instanceof ApplicationFailure ? (cause.type ?? '') : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  const isEnded = error.cause?.name === 'CancelledFailure' || error.cause?.name === 'TerminatedFailure';
  if (isEnded) return { kind: 'failed', message, exitCode: exitCode.stopped };
  if (type.startsWith('Config.') || type === 'Store.Unwritable')
    return { kind: 'failed', message, exitCode: exitCode.usage };
  const isAway = type.startsWith('Tool.') || type.startsWith('Store.');
  return { kind: 'failed', message, exitCode: isAway ? exitCode.unreachable : exitCode.bug };
}

/** What an analysis waits for, and a word to it, as a person would give it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Ask } from '../../src/analysis/decisions.ts';
import { answerUpdate, pendingQuery, type AnalysisWorkflow } from '../../src/workflows/messages.ts';

type Handle = WorkflowHandle<AnalysisWorkflow>;

/** What waits, once there is something other than `before`. */
export async function asked(handle: Handle, before?: string): Promise<readonly Ask[]> {
  for (;;) {
    const asks = (await handle.query(pendingQuery)).filter(({ id }) => id !== before);
    if (asks.length > 0) return asks;
    await delay(30);
  }
}

export function say(handle: Handle, { id }: Ask, text: string) {
  return handle.executeUpdate(answerUpdate, { args: [{ question: id, text, by: 'ada' }] });
}

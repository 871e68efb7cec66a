/** What a test of waiting analyses needs: what waits, a decision as a person gives it, and why one was rejected. */
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Ask } from '../../src/analysis/decisions.ts';
import { decideUpdate, pendingQuery, type AnalysisWorkflow } from '../../src/workflows/messages.ts';
import { queryTool, toolNamed } from './scripted-connections.ts';

export type Handle = WorkflowHandle<AnalysisWorkflow>;

const listTool = { ...toolNamed('lake__list', 'read'), metadata: true as const, inputSchema: { type: 'object' } };

/** One that lists, one that reads, one that writes. */
export const decisionTools = [listTool, queryTool, toolNamed('lake__write', 'write')];

/** Waits until as many things wait for a person. */
export async function pending(handle: Handle, count = 1): Promise<readonly Ask[]> {
  for (;;) {
    const asks = await handle.query(pendingQuery);
    if (asks.length >= count) return asks;
    await delay(30);
  }
}

/** A call that waits for a yes. */
export function write(id: string, sql = 'DELETE FROM sales') {
  return { id, name: 'lake__write', arguments: { sql } };
}

export function decide(handle: Handle, call: string, decision: 'approve' | 'deny', more: object = {}) {
  return handle.executeUpdate(decideUpdate, { args: [{ call, decision, by: 'ada', ...more }] });
}

/** The message of what an update was rejected with. */
export async function rejected(update: Promise<unknown>): Promise<string> {
  return update.then(
    () => 'accepted',
    (error: { name: string; cause?: { message?: string } }) => error.cause?.message ?? error.name,
  );
}

/** Gathers what a report leans on from the conversation, and runs the cited calls again. */
import { createHash } from 'node:crypto';
import type { ToolCall } from '../analysis/conversation.ts';
import type { Submission } from '../analysis/evidence.ts';
import type { Table } from '../analysis/table.ts';
import { resultHash } from '../analysis/table-equality.ts';
import { citedCalls, type Repeated } from '../analysis/verification.ts';

/** Cited calls that run again at the same time. */
const maxParallelReruns = 4;

/** Times a cited call is tried when its server crashes: a finding is not struck because a server had to be restarted. */
const rerunAttempts = 3;

export type Answer = {
  readonly call: ToolCall;
  readonly ref: string;
  readonly table: Table;
  readonly datasets: readonly string[];
};

/** Runs every cited call again; a call that cannot be repeated is said so, never taken as right. */
export async function rerunCited(
  submission: Submission,
  answers: ReadonlyMap<string, Answer>,
  repeat: (call: ToolCall) => Promise<string>,
  lanes: number = maxParallelReruns,
): Promise<Map<string, Repeated>> {
  const repeated = new Map<string, Repeated>();
  const waiting = citedCalls(submission).filter((id) => answers.has(id));
  const lane = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const { call, table } = answers.get(id)!;
      repeated.set(id, { original: table, rerun: await rerun(call, repeat) });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return repeated;
}

async function rerun(call: ToolCall, repeat: (call: ToolCall) => Promise<string>): Promise<Repeated['rerun']> {
  for (let attempt = 1; ; attempt++) {
    try {
      return parseEnvelope(await repeat(call))?.table ?? { failed: 'the repeated call gave no table' };
    } catch (error) {
      if (attempt < rerunAttempts && isRetryable(error)) continue;
      return { failed: error instanceof Error ? error.message : String(error) };
    }
  }
}

function isRetryable(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}

/** The hash of a result that stands in the report. */
export function hashOf(table: Table): string {
  return resultHash(table, (text) => createHash('sha256').update(text).digest('hex'));
}

export function parseEnvelope(content: string): { table: Table; datasets: readonly string[] } | undefined {
  try {
    const { data, meta } = JSON.parse(content) as { data?: Table; meta?: { datasets?: unknown[] } };
    if (!Array.isArray(data?.columns) || !Array.isArray(data.rows)) return undefined;
    return { table: data, datasets: (meta?.datasets ?? []).map(datasetName) };
  } catch {
    return undefined;
  }
}

function datasetName(dataset: unknown): string {
  return typeof dataset === 'object' && dataset !== null && 'name' in dataset ? String(dataset.name) : String(dataset);
}

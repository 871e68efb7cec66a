/** The calls and findings from which tests write the script of a model, and what the model was shown of their results. */
import type { ToolResult } from '../../src/analysis/conversation.ts';
import type { Finding } from '../../src/analysis/evidence.ts';
import type { ModelRequest } from '../../src/llm/provider.ts';

export function query(id: string, name = 'lake__query') {
  return { id, name, arguments: { sql: 'SELECT count(*) AS n FROM sales' } };
}

/** A key finding with one number, read from the first cell of a call's result. */
export function finding(statement: string, value: number, call: string): Finding {
  const source = { kind: 'cell', call, row: 0, column: 'n' } as const;
  return { statement, quantities: [{ value, format: { style: 'count' }, source }], severity: 'key' };
}

export function submit(id: string, ...findings: readonly Finding[]) {
  return { id, name: 'submit_report', arguments: { headline: 'Sales were counted.', findings, limits: [] } };
}

/** The tool results in the last tool message of a request. */
export function resultsSeen(request: ModelRequest | undefined): readonly Omit<ToolResult, 'kind'>[] {
  const message = request?.messages.findLast(({ role }) => role === 'tool');
  return message?.role === 'tool' ? message.parts.map(({ kind: _, ...result }) => result) : [];
}

/** The report as a scripted model submits it: findings whose numbers name the cell they were read from. */
import type { ToolCall } from '../analysis/conversation.ts';
import type { Finding, Quantity } from '../analysis/evidence.ts';
import { submitReportTool } from '../agents/data-analysis.ts';

/** A number and where it stands: the id of the call, the column, and the row from 0. */
export function cell(value: number, callId: string, column: string, row = 0): Quantity {
  return { value, format: { style: 'count' }, source: { kind: 'cell', call: callId, row, column } };
}

/** `statement` has a placeholder {0}, {1} … for each of the numbers. */
export function finding(statement: string, ...quantities: readonly Quantity[]): Finding {
  return { statement, quantities, severity: 'key' };
}

/** The call that ends an analysis; each number is checked by asking for its result again. */
export function submission(headline: string, ...findings: readonly Finding[]): Omit<ToolCall, 'kind'> {
  return { id: 'submission', name: submitReportTool, arguments: { headline, findings, limits: [] } };
}

/** A call of the query tool as the planner makes it: with a word on what it is for, which people see instead of the SQL. */
import type { ToolNames } from './catalog.ts';
import type { Ask } from './script.ts';

/** Longest purpose the query tool takes. */
const maxPurposeChars = 200;

export function queryCall(tools: ToolNames, purpose: string, sql: string, maxRows?: number): Ask['calls'][number] {
  const rows = maxRows === undefined ? {} : { max_rows: maxRows };
  return { name: tools.query, arguments: { purpose: purpose.slice(0, maxPurposeChars), sql, ...rows } };
}

/** A run's document small enough to travel with the workflow's result, for when the store had no room for the whole one. */
import type { CheckResult } from './check-result.ts';
import type { RunDocument } from './run.ts';

/** Characters of JSON; what stands in a history stays below 64 KB. */
const maxChars = 40_000;

/** Without a value of any row; then without what passed; then with as many checks as there is room for, the first ones. */
export function pocketDocument(document: RunDocument): RunDocument {
  const bare = withChecks(document, (checks) => checks.map(withoutRows));
  if (sizeOf(bare) <= maxChars) return bare;
  const broken = withChecks(bare, (checks) => checks.filter(({ verdict }) => verdict !== 'passed'));
  for (let kept = 64; kept > 0; kept = Math.floor(kept / 2)) {
    const cut = withChecks(broken, (checks) => checks.slice(0, kept));
    if (sizeOf(cut) <= maxChars) return cut;
  }
  return { ...broken, tables: [] };
}

function withChecks(
  document: RunDocument,
  change: (checks: readonly CheckResult[]) => readonly CheckResult[],
): RunDocument {
  const tables = document.tables.map((table) => ({ ...table, columns: [], checks: change(table.checks) }));
  return { ...document, tables, trends: {}, unchecked: document.unchecked.slice(0, 20), incidents: [] };
}

function withoutRows({
  sample: _sample,
  segments: _segments,
  statement: _statement,
  ...check
}: CheckResult): CheckResult {
  return check;
}

function sizeOf(document: RunDocument): number {
  return JSON.stringify(document).length;
}

/** What of a run is remembered for the nights after it. */
import type { CheckResult } from './check-result.ts';
import type { Distribution } from './drift.ts';
import type { HistoryPoint, Point } from './points.ts';
import type { RunDocument } from './run.ts';

export function pointOf(
  { suite, interval, runId, tables }: RunDocument,
  distributions: Readonly<Record<string, Distribution>>,
  recordedAtMs: number,
): HistoryPoint {
  const checks = tables.flatMap((table) => table.checks);
  return {
    schema: 'dpa.quality-point/1',
    suite,
    interval,
    runId,
    recordedAt: new Date(recordedAtMs).toISOString(),
    checks: Object.fromEntries(checks.map((check) => [check.id, pointOfCheck(check, distributions[check.id])])),
    columns: Object.fromEntries(tables.map(({ table, columns }) => [table, columns])),
  };
}

function pointOfCheck(check: CheckResult, distribution: Distribution | undefined): Point {
  const { definitionHash, name, table, severity, owner, verdict, reason, actual, evaluatedRows } = check;
  const value = check.violatingRows === undefined ? actual : String(check.violatingRows);
  return {
    definitionHash,
    name,
    table,
    severity,
    ...(owner === undefined ? {} : { owner }),
    verdict,
    reason,
    ...(value === undefined ? {} : { value }),
    ...(evaluatedRows === undefined ? {} : { evaluatedRows }),
    ...(distribution === undefined ? {} : { distribution }),
  };
}

/** What of a run is remembered for the nights after it. */
import { keyOf } from './check-id.ts';
import type { CheckResult } from './check-result.ts';
import type { Distribution } from './drift.ts';
import type { HistoryPoint, Point } from './points.ts';
import type { RunDocument } from './run.ts';

export function pointOf(
  { id, suite, interval, runId, tables }: RunDocument,
  distributions: Readonly<Record<string, Distribution>>,
  recordedAtMs: number,
): HistoryPoint {
  const checks = tables.flatMap((table) => table.checks);
  return {
    schema: 'dpa.quality-point/2',
    suite,
    interval,
    runId,
    id,
    recordedAt: new Date(recordedAtMs).toISOString(),
    checks: Object.fromEntries(checks.map((check) => [keyOf(check), pointOfCheck(check, distributions[keyOf(check)])])),
    columns: Object.fromEntries(tables.map(({ contract, table, columns }) => [`${contract}/${table}`, columns])),
  };
}

function pointOfCheck(check: CheckResult, distribution: Distribution | undefined): Point {
  const { definitionHash, name, table, severity, owner, verdict, reason, actual, evaluatedRows } = check;
  const value = check.violatingRows === undefined ? actual : String(check.violatingRows);
  // A value may come again on another night; a day and a file do not.
  const segment = check.segments?.find(({ by }) => by === undefined) ?? check.segments?.[0];
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
    ...(segment === undefined ? {} : { segment }),
  };
}

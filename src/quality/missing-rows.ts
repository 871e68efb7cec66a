/** Where the rows are that a table has fewer or more of than usual, told from the categories whose distribution is kept anyway. */
import { keyOf } from './check-id.ts';
import type { Check } from './check.ts';
import type { CheckResult, MovedRows } from './check-result.ts';
import type { Distribution } from './drift.ts';
import { acceptedOf } from './points.ts';
import type { Earlier } from './points.ts';

/** Accepted nights that say which share of the rows a category usually has: a week. */
const pooledNights = 7;

/** A category is named when it makes up this much of the change, and twice its usual share of it. */
const leastShare = 0.5;
const leastLift = 2;

const maxNamed = 3;

type Night = {
  readonly distributions: Readonly<Record<string, Distribution>>;
  readonly earlierOf: (check: Check) => readonly Earlier[];
};

/** The results with the cause beside each broken check about the number of rows; a change that all categories share has none. */
export function withMovedRows(
  checks: readonly Check[],
  results: readonly CheckResult[],
  night: Night,
): readonly CheckResult[] {
  return results.map((result) => {
    const check = checks.find((one) => keyOf(one) === keyOf(result));
    const usual = result.baseline?.median;
    const isBroken = result.verdict === 'failed' || result.verdict === 'warning';
    if (check === undefined || usual === undefined || !isBroken || !countsRows(check)) return result;
    const change = Number(result.actual) - usual;
    const moved = checks
      .filter((one) => one.table === check.table && one.filter === check.filter)
      .flatMap((one) => (one.kind === 'distributionDrift' ? movedIn(one, usual, change, night) : []));
    const most = uniqueOf(moved.toSorted((a, b) => Math.abs(b.rows - b.usual) - Math.abs(a.rows - a.usual)));
    return most.length === 0 ? result : { ...result, movedRows: most.slice(0, maxNamed) };
  });
}

function countsRows(check: Check): boolean {
  return check.kind === 'volume' || (check.kind === 'anomaly' && check.measure.kind === 'rowCount');
}

function movedIn(
  check: Extract<Check, { kind: 'distributionDrift' }>,
  usual: number,
  change: number,
  { distributions, earlierOf }: Night,
): readonly MovedRows[] {
  const now = distributions[keyOf(check)];
  const before = acceptedOf(earlierOf(check))
    .flatMap(({ point }) => (point.distribution?.kind === 'categories' ? [point.distribution] : []))
    .slice(-pooledNights);
  // Of an empty table there is no distribution: all is missing everywhere, which says nothing.
  if (now?.kind !== 'categories' || before.length === 0 || change === 0) return [];
  const values = new Set([now, ...before].flatMap(({ counts }) => Object.keys(counts)));
  return [...values].flatMap((value): MovedRows[] => {
    const share = before.reduce((sum, { counts, total }) => sum + (counts[value] ?? 0) / total, 0) / before.length;
    const rows = now.counts[value] ?? 0;
    const part = (rows - share * usual) / change;
    if (part < leastShare || part < leastLift * share) return [];
    return [{ column: check.column, value, rows, usual: Math.round(share * usual) }];
  });
}

/** Several rules may look at the same column. */
function uniqueOf(moved: readonly MovedRows[]): readonly MovedRows[] {
  return moved.filter(
    ({ column, value }, index) =>
      moved.findIndex((other) => other.column === column && other.value === value) === index,
  );
}

/** The earlier values of the checks of a run, for its report. */
import { keyOf } from './check-id.ts';
import type { CheckResult } from './check-result.ts';
import { earlierOf } from './points.ts';
import type { HistoryPoint } from './points.ts';
import type { TrendPoint } from './run.ts';

/** Points of a trend at most: two months of nights. */
const maxPoints = 60;

/** By `keyOf`; a check without earlier points has none. */
export function trendsOf(
  history: readonly HistoryPoint[],
  checks: readonly CheckResult[],
  interval: string,
): Readonly<Record<string, readonly TrendPoint[]>> {
  return Object.fromEntries(
    checks.flatMap((check): [string, readonly TrendPoint[]][] => {
      const points = earlierOf(history, check, interval).slice(-maxPoints);
      if (points.length === 0) return [];
      return [
        [
          keyOf(check),
          points.map(({ interval: at, point }) => ({
            interval: at,
            verdict: point.verdict,
            ...(point.value === undefined ? {} : { value: point.value }),
          })),
        ],
      ];
    }),
  );
}

/** What is remembered of a run: one object per suite and data interval, one point per check, so that a re-run replaces its own. */
import { keyOf } from './check-id.ts';
import type { CheckVerdict, Segment } from './check-result.ts';
import type { Severity } from './check.ts';
import type { Distribution } from './drift.ts';

export type Point = {
  readonly definitionHash: string;
  readonly name: string;
  readonly table: string;
  readonly severity: Severity;
  readonly owner?: string;
  readonly verdict: CheckVerdict;
  readonly reason: string;
  /** The number a trend is drawn of: violating rows, or the measure. */
  readonly value?: string;
  readonly evaluatedRows?: number;
  readonly distribution?: Distribution;
  /** Where most of the violating rows were. */
  readonly segment?: Segment;
  /** The night its present incident began, and how many it has been. */
  readonly brokenSince?: { readonly interval: string; readonly nights: number };
  /** A person said that this is how it is from now on. */
  readonly accepted?: { readonly reason: string; readonly by?: string };
};

export type HistoryPoint = {
  readonly schema: 'dpa.quality-point/2';
  readonly suite: string;
  /** ISO date or moment: the data's, not the clock's. */
  readonly interval: string;
  readonly runId: string;
  /** The id of the run, and the content-store reference of its document. */
  readonly id?: string;
  readonly document?: string;
  readonly recordedAt: string;
  /** By `keyOf` the check. */
  readonly checks: Readonly<Record<string, Point>>;
  /** By contract and table, as `contract/table`. */
  readonly columns: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>;
};

/** The earlier points of one check, oldest first, with the interval each is of. */
export type Earlier = { readonly interval: string; readonly point: Point };

/** Strictly earlier points of the same definition: one that means something else starts a new series. */
export function earlierOf(
  history: readonly HistoryPoint[],
  check: { readonly contract: string; readonly id: string; readonly definitionHash: string },
  interval: string,
): readonly Earlier[] {
  const earlier: Earlier[] = [];
  for (const { interval: at, checks } of sorted(history)) {
    const point = checks[keyOf(check)];
    if (at >= interval || point === undefined) continue;
    if (point.definitionHash !== check.definitionHash) earlier.length = 0;
    else earlier.push({ interval: at, point });
  }
  return earlier;
}

/** A night that broke the rule says nothing about what is normal, unless a person accepted it. */
export function acceptedOf(earlier: readonly Earlier[]): readonly Earlier[] {
  return earlier.filter(
    ({ point }) => point.accepted !== undefined || point.verdict === 'passed' || point.verdict === 'learning',
  );
}

export function sorted(history: readonly HistoryPoint[]): readonly HistoryPoint[] {
  return [...history].sort((a, b) => (a.interval < b.interval ? -1 : a.interval > b.interval ? 1 : 0));
}

/** Points whose distributions are still compared with; far more than are pooled, for some of them are of broken nights. */
const withDistribution = 60;

/** Without what nobody asks of old points: the plan of a run is read by each of its tables. */
export function slimmed(history: readonly HistoryPoint[]): readonly HistoryPoint[] {
  const old = history.length - withDistribution;
  return history.map((point, index) => {
    const checks = Object.entries(point.checks).map(([key, { distribution, ...check }]) => {
      const reason = check.verdict === 'passed' || check.verdict === 'learning' ? '' : check.reason;
      return [key, { ...check, reason, ...(distribution === undefined || index < old ? {} : { distribution }) }];
    });
    return { ...point, checks: Object.fromEntries(checks) as HistoryPoint['checks'] };
  });
}

/** What a number should be, from the accepted points before it: median and MAD, by weekday where there is a season. */
import type { HistoryWindow } from './check.ts';
import type { BaselineFacts } from './check-result.ts';
import type { Earlier } from './points.ts';

export type Baseline =
  | { readonly kind: 'learning'; readonly points: number; readonly needed: string }
  | { readonly kind: 'known'; readonly median: number; readonly sigma: number; readonly facts: BaselineFacts };

/** Of a normal distribution, MAD × this is its standard deviation. */
const sigmaPerMad = 1.4826;

/** Below this share of the median a change is nobody's concern, however quiet the series was. */
const smallestShare = 0.01;

export type BaselineQuestion = {
  readonly interval: string;
  readonly window: HistoryWindow;
  /** Half the width of what is expected, in standard deviations. */
  readonly sensitivity: number;
  /** With a season, earlier points of the same weekday that are needed: of two alone one may have been an exception. */
  readonly neededOfWeekday: number;
  /** Rows that the number under test is of, for numbers such as averages that scatter more the fewer there are. */
  readonly rows?: number;
};

export function baselineOf(accepted: readonly Earlier[], question: BaselineQuestion): Baseline {
  const { interval, window, sensitivity, neededOfWeekday, rows } = question;
  const points = accepted
    .map(({ interval: at, point }) => ({ at, value: Number(point.value), rows: point.evaluatedRows ?? 0 }))
    .filter(({ value }) => Number.isFinite(value))
    .slice(-window.points);
  const learning = (needed: string): Baseline => ({ kind: 'learning', points: points.length, needed });
  if (points.length < window.learning) return learning(`${window.learning} accepted earlier points`);
  const isSeasonal = window.season === 'dayOfWeek';
  const groupOf = (at: string): number => (isSeasonal ? weekdayOf(at) : 0);
  const level = points.filter(({ at }) => groupOf(at) === groupOf(interval)).map(({ value }) => value);
  if (isSeasonal && level.length < neededOfWeekday) {
    return learning(`${neededOfWeekday} accepted earlier points of the same weekday`);
  }
  const middle = median(level);
  const { mad, free } = scatter(points, groupOf, isSeasonal ? middle : undefined, rows);
  const correction = Math.sqrt(1 + uncertainMedian / level.length) * (1 + 4 / free);
  const sigma = Math.max(sigmaPerMad * mad * correction, smallestShare * Math.abs(middle));
  return {
    kind: 'known',
    median: middle,
    sigma,
    facts: {
      points: points.length,
      median: middle,
      mad,
      low: middle - sensitivity * sigma,
      high: middle + sensitivity * sigma,
      method: isSeasonal ? 'median of the weekday, MAD around the weekdays' : 'median and MAD',
    },
  };
}

/** Variance of the median of a sample over that of one value. */
const uncertainMedian = 1.57;

type Valued = { readonly at: string; readonly value: number; readonly rows: number };

/**
 * How far points usually lie from the level of their group, seen from the number under test: with a season in proportion
 * to the level (a busy day scatters more than a quiet one), and with `rows` by the root of how many rows there are.
 * Measured between pairs of a group and not around its median, which with three points is always one of them.
 */
function scatter(
  points: readonly Valued[],
  groupOf: (at: string) => number,
  levelNow: number | undefined,
  rowsNow: number | undefined,
): { readonly mad: number; readonly free: number } {
  const distances: number[] = [];
  const groups = new Map<number, Valued[]>();
  for (const point of points) {
    const group = groups.get(groupOf(point.at)) ?? [];
    for (const other of group) distances.push(distance(point, other));
    groups.set(groupOf(point.at), [...group, point]);
  }
  const used = [...groups.values()].filter((group) => group.length > 1);
  const free = used.reduce((sum, group) => sum + group.length - 1, 0);
  return { mad: distances.length === 0 ? 0 : median(distances) / Math.SQRT2, free: Math.max(1, free) };

  function distance(a: Valued, b: Valued): number {
    const level = (a.value + b.value) / 2;
    const share = levelNow === undefined || level === 0 ? 1 : Math.abs(levelNow / level);
    const weight =
      rowsNow === undefined || rowsNow === 0 || a.rows * b.rows === 0 ? 1 : pairWeight(a.rows, b.rows, rowsNow);
    return Math.abs(a.value - b.value) * share * weight;
  }
}

/** The scatter of a number of so many rows over that of a pair of numbers of theirs. */
function pairWeight(a: number, b: number, now: number): number {
  return Math.sqrt(2 / now / (1 / a + 1 / b));
}

export function median(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const half = Math.floor(ordered.length / 2);
  if (ordered.length === 0) return Number.NaN;
  return ordered.length % 2 === 1 ? ordered[half]! : (ordered[half - 1]! + ordered[half]!) / 2;
}

/** Of the day in the interval's own words; 0 is Sunday. */
export function weekdayOf(interval: string): number {
  return new Date(`${interval.slice(0, 10)}T00:00:00Z`).getUTCDay();
}

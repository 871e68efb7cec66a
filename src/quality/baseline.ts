/** What a number should be, from the accepted points before it: median and MAD, by weekday where there is a season. */
import type { HistoryWindow } from './check.ts';
import type { BaselineFacts } from './check-result.ts';
import type { Earlier } from './points.ts';

export type Baseline =
  | { readonly kind: 'learning'; readonly points: number; readonly needed: string }
  | { readonly kind: 'known'; readonly median: number; readonly sigma: number; readonly facts: BaselineFacts };

/** With a season, this many earlier points of the same weekday; one alone may have been an exception. */
const neededOfWeekday = 2;

/** Of a normal distribution, MAD × this is its standard deviation. */
const sigmaPerMad = 1.4826;

/** Below this share of the median a change is nobody's concern, however quiet the series was. */
const smallestShare = 0.01;

/** `sensitivity` is half the width of what is expected, in standard deviations. */
export function baselineOf(
  accepted: readonly Earlier[],
  interval: string,
  window: HistoryWindow,
  sensitivity: number,
): Baseline {
  const points = accepted
    .map(({ interval: at, point }) => ({ at, value: Number(point.value) }))
    .filter(({ value }) => Number.isFinite(value))
    .slice(-window.points);
  const learning = (needed: string): Baseline => ({ kind: 'learning', points: points.length, needed });
  if (points.length < window.learning) return learning(`${window.learning} accepted earlier points`);
  if (window.season === 'none') return known(points, points, 1, sensitivity);
  const today = weekdayOf(interval);
  const same = points.filter(({ at }) => weekdayOf(at) === today);
  if (same.length < neededOfWeekday) return learning(`${neededOfWeekday} accepted earlier points of the same weekday`);
  return known(same, points, 7, sensitivity);
}

type Valued = { readonly at: string; readonly value: number };

/** The level comes from `level`; how much the points scatter around their own weekday's level from all of them. */
function known(level: readonly Valued[], all: readonly Valued[], groups: 1 | 7, sensitivity: number): Baseline {
  const middle = median(level.map(({ value }) => value));
  const groupOf = ({ at }: Valued): number => (groups === 1 ? 0 : weekdayOf(at));
  const levels = new Map<number, number>();
  const used = all.filter((point) => all.filter((other) => groupOf(other) === groupOf(point)).length > 1);
  for (const point of used) {
    const own = used.filter((other) => groupOf(other) === groupOf(point)).map(({ value }) => value);
    levels.set(groupOf(point), median(own));
  }
  const mad = median(used.map((point) => Math.abs(point.value - levels.get(groupOf(point))!)));
  const sigma = Math.max(
    sigmaPerMad * mad * correction(used.length, levels.size, level.length),
    smallestShare * Math.abs(middle),
  );
  return {
    kind: 'known',
    median: middle,
    sigma,
    facts: {
      points: all.length,
      median: middle,
      mad,
      low: middle - sensitivity * sigma,
      high: middle + sensitivity * sigma,
      method: groups === 1 ? 'median and MAD' : 'median of the weekday, MAD around the weekdays',
    },
  };
}

/**
 * Few points look quieter than they are, since each level was taken from the very points around it, and the level itself
 * is off by a bit: the fewer there are, the wider is what counts as usual.
 */
function correction(points: number, groups: number, ofLevel: number): number {
  const free = Math.max(1, points - groups);
  const shrunk = Math.sqrt(points / free);
  const uncertainLevel = Math.sqrt(1 + 1.57 / ofLevel);
  const uncertainWidth = 1 + 4 / free;
  return shrunk * uncertainLevel * uncertainWidth;
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

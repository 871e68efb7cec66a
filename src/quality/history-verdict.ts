/** Verdicts that need the nights before: a number against its baseline, a distribution against the accepted ones. */
import type { Anomaly, DistributionDrift, Measure, Volume } from './check.ts';
import { baselineOf } from './baseline.ts';
import { driftBetween } from './drift.ts';
import { acceptedOf } from './points.ts';
import { broken, expectedText } from './expected.ts';
import type { JudgeContext, Judged, Outcome } from './outcome.ts';

/** A volume is not judged by its scatter, so its width does not matter. */
const anySensitivity = 3;

/** Bounds in percent are wide: two earlier weeks are enough for them, not for a scatter. */
const neededOfWeekday = { volume: 2, anomaly: 3 } as const;

/** Measures that grow with the number of rows, or have nothing to do with it; the others scatter more the fewer rows there are. */
const growing: readonly Measure['kind'][] = ['rowCount', 'sum', 'distinctCount', 'age'];

export function judgeNumber(check: Volume | Anomaly, value: string, rows: bigint, context: JudgeContext): Judged {
  const expected = expectedText(check);
  const isSteady = check.kind === 'anomaly' && !growing.includes(check.measure.kind);
  const baseline = baselineOf(acceptedOf(context.earlier), {
    interval: context.interval,
    window: check.window,
    sensitivity: check.kind === 'anomaly' ? check.sensitivity : anySensitivity,
    neededOfWeekday: neededOfWeekday[check.kind],
    ...(isSteady ? { rows: Number(rows) } : {}),
  });
  if (baseline.kind === 'learning') {
    const reason = `Found ${value}; it is judged once there are ${baseline.needed} (now ${baseline.points}).`;
    return { verdict: 'learning', reason, expected, actual: value, evaluatedRows: Number(rows) };
  }
  const { median } = baseline;
  const [low, high] = check.kind === 'volume' ? volumeRange(check, median) : anomalyRange(check, baseline);
  const facts = {
    ...baseline.facts,
    ...(Number.isFinite(low) ? { low } : {}),
    ...(Number.isFinite(high) ? { high } : {}),
  };
  const common = { expected, actual: value, evaluatedRows: Number(rows), baseline: facts };
  const number = Number(value);
  // NaN is never within.
  if (number >= low && number <= high)
    return { ...common, verdict: 'passed', reason: `Found ${value}; expected ${rangeText(low, high)}.` };
  const share =
    median === 0 ? '' : ` (${signed((100 * (number - median)) / Math.abs(median))} % of the median ${short(median)})`;
  return { ...common, verdict: broken(check), reason: `Expected ${rangeText(low, high)}, found ${value}${share}.` };
}

function volumeRange({ maxDropPercent, maxGrowthPercent }: Volume, median: number): [number, number] {
  return [
    maxDropPercent === undefined ? -Infinity : median * (1 - Number(maxDropPercent) / 100),
    maxGrowthPercent === undefined ? Infinity : median * (1 + Number(maxGrowthPercent) / 100),
  ];
}

function anomalyRange(
  { direction, sensitivity }: Anomaly,
  { median, sigma }: { readonly median: number; readonly sigma: number },
): [number, number] {
  return [
    direction === 'up' ? -Infinity : median - sensitivity * sigma,
    direction === 'down' ? Infinity : median + sensitivity * sigma,
  ];
}

/** Accepted distributions that are pooled: a week, so that no weekday is strange. */
const pooledPoints = 7;

export function judgeDrift(
  check: DistributionDrift,
  { rows, distribution }: Extract<Outcome, { kind: 'distribution' }>,
  { earlier }: JudgeContext,
): Judged {
  const expected = expectedText(check);
  if (distribution === undefined) {
    const reason =
      rows === 0n ? 'The table is empty.' : `There is nothing to look at: of ${rows} rows none has a value.`;
    return { verdict: 'skipped', reason, expected };
  }
  const before = acceptedOf(earlier)
    .flatMap(({ point }) => point.distribution ?? [])
    .slice(-pooledPoints);
  if (before.length === 0)
    return { verdict: 'learning', reason: 'This distribution is what the next ones are compared with.', expected };
  const moved = driftBetween(before, distribution, check.method, check.buckets);
  const method = `${check.method} against the last ${before.length} accepted`;
  if (moved === undefined)
    return {
      verdict: broken(check),
      reason: 'The column held another kind of values before.',
      expected,
      baseline: { points: before.length, method },
    };
  const actual = moved.value.toFixed(4);
  const facts = { expected, actual, baseline: { points: before.length, high: Number(check.limit), method } };
  if (moved.value <= Number(check.limit)) return { ...facts, verdict: 'passed', reason: `${check.method} ${actual}.` };
  return { ...facts, verdict: broken(check), reason: `Expected ${expected}, found ${actual}; most at ${moved.where}.` };
}

function rangeText(low: number, high: number): string {
  if (!Number.isFinite(low)) return `at most ${short(high)}`;
  return Number.isFinite(high) ? `${short(low)} to ${short(high)}` : `at least ${short(low)}`;
}

function short(value: number): string {
  return Math.abs(value) >= 1_000 ? Math.round(value).toString() : Number(value.toPrecision(4)).toString();
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(Math.abs(value) < 10 ? 1 : 0)}`;
}

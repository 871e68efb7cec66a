/** The earlier values of a check and its present one as a line of the height of a word. */
import type { CheckResult } from '../../quality/check-result.ts';
import type { TrendPoint } from '../../quality/run.ts';
import { escapeHtml } from '../escape.ts';

const width = 144;
const height = 26;
const margin = 3;

/** The line with words below it: since when, between which values, what was expected. Empty where the line is. */
export function trendFigure(trend: readonly TrendPoint[], check: CheckResult, interval: string): string {
  const points = pointsOf(trend, check, interval);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return '';
  const numbers = points.map(({ number }) => number);
  const { low, high } = check.baseline ?? {};
  const words = [
    `${points.length} runs from ${first.interval} to ${last.interval}`,
    `between ${shown(Math.min(...numbers))} and ${shown(Math.max(...numbers))}`,
    `now ${shown(last.number)}`,
    ...(low === undefined || high === undefined ? [] : [`expected ${shown(low)} to ${shown(high)}`]),
  ];
  const caption = words.map((word) => `<span>${escapeHtml(word)}</span>`).join(' ');
  return `<figure class="trend">${sparkline(trend, check, interval)}<figcaption class="facts">${caption}</figcaption></figure>`;
}

/** Empty with fewer than two numbers: a single one has no trend. */
export function sparkline(trend: readonly TrendPoint[], check: CheckResult, interval: string): string {
  const points = pointsOf(trend, check, interval);
  if (points.length < 2) return '';
  const { low: expectedLow, high: expectedHigh } = check.baseline ?? {};
  const bounds = [expectedLow, expectedHigh].filter((bound) => bound !== undefined);
  const numbers = [...points.map(({ number }) => number), ...bounds];
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const x = (index: number): number => margin + (index / (points.length - 1)) * (width - 2 * margin);
  const y = (number: number): number =>
    height - margin - (high === low ? 0.5 : (number - low) / (high - low)) * (height - 2 * margin);
  const line = points.map(({ number }, index) => `${x(index).toFixed(1)},${y(number).toFixed(1)}`).join(' ');
  const dots = points.map(({ interval: at, value: written, verdict, number }, index) => {
    const broken = verdict === 'failed' || verdict === 'warning';
    if (!broken && index < points.length - 1) return '';
    const title = escapeHtml(`${at}: ${written ?? ''} (${verdict})`);
    return `<circle class="${broken ? 'broken' : 'dot'}" cx="${x(index).toFixed(1)}" cy="${y(number).toFixed(1)}" r="2.5"><title>${title}</title></circle>`;
  });
  const band =
    expectedLow === undefined || expectedHigh === undefined
      ? ''
      : `<rect class="band" x="0" width="${width}" y="${y(expectedHigh).toFixed(1)}" height="${Math.max(1, y(expectedLow) - y(expectedHigh)).toFixed(1)}"/>`;
  const label = escapeHtml(`${points.length} runs, from ${low} to ${high}`);
  return `<svg class="spark" viewBox="0 0 ${width} ${height}" preserveAspectRatio="xMinYMid" role="img" aria-label="${label}">${band}<polyline class="line" points="${line}"/>${dots.join('')}</svg>`;
}

/** Those with a number, the present one last. */
function pointsOf(
  trend: readonly TrendPoint[],
  check: CheckResult,
  interval: string,
): (TrendPoint & { readonly number: number })[] {
  const value = check.violatingRows === undefined ? check.actual : String(check.violatingRows);
  return [...trend, { interval, verdict: check.verdict, ...(value === undefined ? {} : { value }) }]
    .map((point) => ({ ...point, number: Number(point.value) }))
    .filter(({ value: written, number }) => written !== undefined && Number.isFinite(number));
}

function shown(number: number): string {
  return number.toLocaleString('en-US', { maximumSignificantDigits: 6 });
}

/** A line over ordered labels, broken where a value is missing. */
import type { NumberFormat } from '../analysis/evidence.ts';
import { chartNumber } from './chart-number.ts';
import { escapeHtml, shortened } from './escape.ts';
import type { ReportChart } from './report.ts';
import { at, drawingWidth, type Drawing } from './svg-frame.ts';

const height = 190;
const top = 18;
const bottom = 164;
const wantedTicks = 4;
const charWidth = 6.4;
/** With more points, dots on each would hide the line. */
const mostDots = 40;
/** A scale starts at zero unless the values stay far above it. */
const zeroBelow = 0.5;
/** What is closer than this is the same height. */
const smallest = 1e-9;

export function drawLine({ points, format }: ReportChart): Drawing {
  const numbers = points.flatMap(({ value }) => value ?? []);
  const scale = niceScale(numbers);
  const tickTexts = scale.ticks.map((tick) => tickText(tick, scale.step, format));
  const left = Math.max(...tickTexts.map((text) => Array.from(text).length)) * charWidth + 8;
  const right = drawingWidth - 8;
  const x = (index: number): number =>
    points.length < 2 ? (left + right) / 2 : left + 6 + (index / (points.length - 1)) * (right - left - 12);
  const y = (value: number): number => bottom - ((value - scale.low) / (scale.high - scale.low)) * (bottom - top);
  const grid = scale.ticks.map(
    (tick, index) =>
      `<line class="${tick === 0 ? 'axis' : 'grid'}" x1="${at(left)}" x2="${at(right)}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>` +
      `<text class="tick" x="${at(left - 8)}" y="${at(y(tick))}" text-anchor="end">${escapeHtml(tickTexts[index] ?? '')}</text>`,
  );
  const line = runsOf(points).map(
    (run) =>
      `<polyline class="line" points="${run.map(({ index, value }) => `${at(x(index))},${at(y(value))}`).join(' ')}"/>`,
  );
  const peak = points.findIndex(({ value }) => value !== null && value === Math.max(...numbers));
  const dots = points.map(({ label, value }, index) => {
    const alone = points[index - 1]?.value == null && points[index + 1]?.value == null;
    if (value === null || (points.length > mostDots && index !== peak && !alone)) return '';
    const text = escapeHtml(`${label}: ${chartNumber(value, format)}`);
    return `<circle class="dot${index === peak ? ' peak' : ''}" cx="${at(x(index))}" cy="${at(y(value))}" r="${index === peak ? 4 : 2.5}"><title>${text}</title></circle>`;
  });
  return { height, body: [...grid, ...line, ...dots, ...peakLabel(peak), ...labelsBelow()].join('') };

  function peakLabel(index: number): string[] {
    const value = points[index]?.value;
    if (value == null) return [];
    const anchor = x(index) > right - 60 ? 'end' : x(index) < left + 60 ? 'start' : 'middle';
    return [
      `<text class="value" x="${at(x(index))}" y="${at(y(value) - 12)}" text-anchor="${anchor}">${escapeHtml(chartNumber(value, format))}</text>`,
    ];
  }

  function labelsBelow(): string[] {
    const last = points.length - 1;
    const wanted = [...new Set([0, Math.round(last / 3), Math.round((2 * last) / 3), last])].filter(
      (index) => index >= 0,
    );
    const shown =
      wanted.length === 4 && wanted.some((index) => Array.from(points[index]?.label ?? '').length > 12)
        ? [0, last]
        : wanted;
    return shown.map((index) => {
      const anchor = last === 0 ? 'middle' : index === 0 ? 'start' : index === last ? 'end' : 'middle';
      const edge = index === 0 && last > 0 ? left : index === last && last > 0 ? right : x(index);
      return `<text class="tick" x="${at(edge)}" y="${height - 10}" text-anchor="${anchor}">${escapeHtml(shortened(points[index]?.label ?? '', 24))}</text>`;
    });
  }
}

type Run = { readonly index: number; readonly value: number }[];

/** Stretches without a gap; a single point has its dot and needs no line. */
function runsOf(points: ReportChart['points']): Run[] {
  const runs: Run[] = [[]];
  for (const [index, { value }] of points.entries()) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push({ index, value });
  }
  return runs.filter((run) => run.length > 1);
}

type Scale = { readonly low: number; readonly high: number; readonly step: number; readonly ticks: readonly number[] };

/** Ticks at 1, 2 or 5 times a power of ten that enclose all values. */
function niceScale(numbers: readonly number[]): Scale {
  const most = numbers.length === 0 ? 1 : Math.max(...numbers);
  const least = numbers.length === 0 ? 0 : Math.min(...numbers);
  const from = least > 0 && least < most * zeroBelow ? 0 : least;
  const to = most < 0 && most > least * zeroBelow ? 0 : most;
  const range = visibleRange(from, to);
  const rough = range / wantedTicks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => rough <= factor * power) ?? 10);
  const first = Math.floor(from / step);
  const last = Math.max(first + 1, Math.ceil(to / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { low: first * step, high: last * step, step, ticks };
}

/** Values that differ less than a float can show are drawn as one height, on a scale of their own size. */
function visibleRange(from: number, to: number): number {
  const size = Math.max(Math.abs(from), Math.abs(to));
  if (size < smallest) return 1;
  return to - from > size * smallest ? to - from : size;
}

/** As many decimals as the step needs, whatever the values themselves are written with. */
function tickText(tick: number, step: number, format: NumberFormat): string {
  const scaled = format.style === 'percent' || format.style === 'points' ? step * 100 : step;
  const digits = Math.min(6, Math.max(0, -Math.floor(Math.log10(scaled) + 1e-9)));
  return chartNumber(tick, { style: format.style, digits });
}

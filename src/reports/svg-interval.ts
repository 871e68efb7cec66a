/** A confidence interval as a line with its ends, its middle and, where it is near, zero. */
import { chartNumber } from './chart-number.ts';
import { escapeHtml } from './escape.ts';
import type { Interval } from './report.ts';
import { at, drawingWidth, frame } from './svg-frame.ts';

const height = 50;
const middle = 16;
const margin = 32;

export function intervalSvg(interval: Interval, id: string): string {
  const { low, high, point, format } = interval;
  const from = Math.min(0, low);
  const span = Math.max(0, high) - from || 1;
  const x = (value: number): number => margin + ((value - from) / span) * (drawingWidth - 2 * margin);
  const text = (value: number): string => escapeHtml(chartNumber(value, format));
  // Ends that nearly touch would print their numbers over each other.
  const apart = x(high) - x(low) > 60;
  const labels = apart
    ? endLabel(x(low), text(low), 'middle') + endLabel(x(high), text(high), 'middle')
    : endLabel((x(low) + x(high)) / 2, `${text(low)} to ${text(high)}`, x(high) > drawingWidth / 2 ? 'end' : 'start');
  const zeroIsFree = Math.min(Math.abs(x(0) - x(low)), Math.abs(x(0) - x(high))) > (apart ? 40 : 150);
  const body = [
    `<line class="grid" x1="${margin}" x2="${drawingWidth - margin}" y1="${middle}" y2="${middle}"/>`,
    `<line class="axis" x1="${at(x(0))}" x2="${at(x(0))}" y1="4" y2="28"/>`,
    zeroIsFree ? endLabel(x(0), '0', 'middle') : '',
    `<line class="interval" x1="${at(x(low))}" x2="${at(x(high))}" y1="${middle}" y2="${middle}"/>`,
    ...[low, high].map((end) => `<line class="interval" x1="${at(x(end))}" x2="${at(x(end))}" y1="10" y2="22"/>`),
    point === undefined ? '' : `<circle class="dot peak" cx="${at(x(point))}" cy="${middle}" r="5"/>`,
    labels,
  ].join('');
  const description = `${point === undefined ? '' : `${chartNumber(point, format)}, `}from ${chartNumber(low, format)} to ${chartNumber(high, format)}`;
  return frame({ height, body }, id, intervalTitle(interval), description);
}

export function intervalTitle({ point, format }: Interval): string {
  return `95 % confidence interval${point === undefined ? '' : ` of ${chartNumber(point, format)}`}`;
}

function endLabel(x: number, escaped: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text class="tick" x="${at(x)}" y="40" text-anchor="${anchor}">${escaped}</text>`;
}

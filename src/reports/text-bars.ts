/** A chart as lines of text, for Markdown and terminals. */
import { chartNumber } from './chart-number.ts';
import { shortened, visible } from './escape.ts';
import type { ReportChart } from './report.ts';

const barWidth = 30;
const labelChars = 24;
const mostLines = 36;

export function textBars({ points, format, left }: ReportChart): string {
  const shown = points.slice(0, mostLines);
  const labels = shown.map(({ label }) => shortened(visible(label), labelChars));
  const values = shown.map(({ value }) => chartNumber(value, format));
  const labelWidth = Math.max(0, ...labels.map((text) => Array.from(text).length));
  const valueWidth = Math.max(0, ...values.map((text) => Array.from(text).length));
  const most = Math.max(0, ...shown.map(({ value }) => Math.abs(value ?? 0)));
  const lines = shown.map(({ value }, index) => {
    const length = value === null || most === 0 ? 0 : Math.round((Math.abs(value) / most) * barWidth);
    // A bar to the left of zero is drawn with another sign, so that direction is seen without colour.
    const bar = (value !== null && value < 0 ? '░' : '█').repeat(length);
    return `${(labels[index] ?? '').padEnd(labelWidth)}  ${(values[index] ?? '').padStart(valueWidth)}  ${bar}`.trimEnd();
  });
  const more = points.length - shown.length + left;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

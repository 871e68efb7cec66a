/** Horizontal bars: label, bar, value on one line each. */
import { chartNumber } from './chart-number.ts';
import { escapeHtml, shortened } from './escape.ts';
import type { ReportChart } from './report.ts';
import { at, drawingWidth, type Drawing } from './svg-frame.ts';

const rowHeight = 26;
const barHeight = 16;
const gap = 10;
const labelChars = 20;

/** Widths of an average character at the chart's font size; measuring text needs a browser. Values are bold. */
const labelCharWidth = 6.9;
const valueCharWidth = 7.6;

export function drawBars({ points, format, left }: ReportChart): Drawing {
  const labels = points.map(({ label }) => shortened(label, labelChars) || ' ');
  const values = points.map(({ value }) => chartNumber(value, format));
  const labelWidth = widest(labels) * labelCharWidth;
  const valueWidth = widest(values) * valueCharWidth;
  const plot = { from: labelWidth + gap, to: drawingWidth - valueWidth - gap };
  const numbers = points.flatMap(({ value }) => value ?? []);
  const low = Math.min(0, ...numbers);
  const span = Math.max(0, ...numbers) - low;
  const x = (value: number): number =>
    span === 0 ? plot.from : plot.from + ((value - low) / span) * (plot.to - plot.from);
  const rows = points.map(({ label, value }, index) => {
    const middle = index * rowHeight + rowHeight / 2;
    return [
      `<text class="label" x="${at(labelWidth)}" y="${at(middle)}" text-anchor="end">${escapeHtml(labels[index] ?? '')}<title>${escapeHtml(label)}</title></text>`,
      value === null ? '' : bar(x(Math.min(0, value)), x(Math.max(0, value)), middle, value < 0),
      `<text class="value" x="${drawingWidth}" y="${at(middle)}" text-anchor="end">${escapeHtml(values[index] ?? '')}</text>`,
    ].join('');
  });
  const end = points.length * rowHeight;
  const zero = `<line class="axis" x1="${at(x(0))}" x2="${at(x(0))}" y1="2" y2="${end - 2}"/>`;
  const more = left === 0 ? '' : `<text class="note" x="0" y="${end + 12}">and ${left} more, not drawn</text>`;
  return { height: Math.max(rowHeight, end + (left === 0 ? 0 : rowHeight)), body: [...rows, zero, more].join('') };
}

function bar(from: number, to: number, middle: number, negative: boolean): string {
  const kind = negative ? 'bar negative' : 'bar';
  return `<rect class="${kind}" x="${at(from)}" y="${at(middle - barHeight / 2)}" width="${at(to - from)}" height="${barHeight}" rx="2"/>`;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => Array.from(text).length));
}

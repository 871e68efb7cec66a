/** Draws the chart of a finding as inline SVG: same data, same bytes; colours come from the page's style sheet. */
import { missingNumber } from '../analysis/numbers.ts';
import { chartNumber } from './chart-number.ts';
import { shortened } from './escape.ts';
import type { ReportChart } from './report.ts';
import { drawBars } from './svg-bars.ts';
import { frame } from './svg-frame.ts';
import { drawLine } from './svg-line.ts';

/** Points read out in the description; more would tire whoever listens. */
const describedPoints = 20;

export function chartSvg(chart: ReportChart, id: string): string {
  const drawing = chart.kind === 'bars' ? drawBars(chart) : drawLine(chart);
  return frame(drawing, id, chart.title, describe(chart));
}

function describe({ points, format, left }: ReportChart): string {
  const read = points.slice(0, describedPoints).map(({ label, value }) => {
    return `${shortened(label, 60)}: ${value === null ? missingNumber : chartNumber(value, format)}`;
  });
  const more = points.length - read.length + left;
  return more > 0 ? `${read.join('; ')}; and ${more} more` : read.join('; ');
}

import * as fc from 'fast-check';
import type { ReportChart } from '../../src/reports/report.ts';
import { chartSvg } from '../../src/reports/svg.ts';
import { drawingWidth } from '../../src/reports/svg-frame.ts';
import { intervalSvg, intervalTitle } from '../../src/reports/svg-interval.ts';

function chart(kind: ReportChart['kind'], values: readonly (number | null)[], label = 'x'): ReportChart {
  const points = values.map((value, index) => ({ label: `${label}${index}`, value }));
  return { kind, title: 'Title', format: { style: 'decimal' }, call: 't0c0', points, left: 0 };
}

function numbersOf(svg: string, attribute: string): number[] {
  return [...svg.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, text]) => Number(text));
}

test('bars are as long as their values, from zero to both sides', () => {
  const widths = numbersOf(chartSvg(chart('bars', [1, 2, -2, 0]), 'a'), 'width');
  expect(widths[1]! / widths[0]!).toBeCloseTo(2, 1);
  expect(widths[2]).toBeCloseTo(widths[1]!, 0);
  expect(widths[3]).toBe(0);
  expect(chartSvg(chart('bars', [-2]), 'a')).toContain('class="bar negative"');
});

test('a value that is no number has no bar and is written so', () => {
  const svg = chartSvg(chart('bars', [null, 3]), 'a');
  expect(svg.match(/<rect/g)).toHaveLength(1);
  expect(svg).toContain('>n/a</text>');
});

test('a line is broken where a value is missing; a point alone is a dot', () => {
  const svg = chartSvg(chart('line', [1, 2, null, 4, null, 5, 6]), 'a');
  expect(svg.match(/<polyline/g)).toHaveLength(2);
  expect(svg.match(/<circle/g)).toHaveLength(5);
  expect(chartSvg(chart('line', [7]), 'a').match(/<circle/g)).toHaveLength(1);
});

test('a line stands on zero when its values come near zero', () => {
  expect(chartSvg(chart('line', [1, 10]), 'a')).toContain('>0</text>');
  expect(chartSvg(chart('line', [100, 101]), 'a')).not.toContain('>0</text>');
});

test('the drawing has a title, a description with the values, and the whole of a label that was cut', () => {
  const svg = chartSvg(chart('bars', [1.5], 'a label that is much too long to be drawn '), 'id7');
  expect(svg).toContain('role="img" aria-labelledby="id7-t id7-d"');
  expect(svg).toContain('<title id="id7-t">Title</title>');
  expect(svg).toContain('<desc id="id7-d">a label that is much too long to be drawn 0: 1.50</desc>');
  expect(svg).toContain('a label that is much…'.slice(0, 15));
  expect(svg).toContain('<title>a label that is much too long to be drawn 0</title>');
});

test('rows left out are counted', () => {
  expect(chartSvg({ ...chart('bars', [1]), left: 12 }, 'a')).toContain('and 12 more, not drawn');
});

const value = fc.oneof(fc.double({ min: -1e15, max: 1e15, noNaN: true }), fc.constant(null), fc.constant(0));

test('whatever the values, the same drawing comes out twice, with finite numbers inside its frame', () => {
  fc.assert(
    fc.property(fc.constantFrom('bars', 'line'), fc.array(value, { maxLength: 60 }), (kind, values) => {
      const svg = chartSvg(chart(kind, values), 'a');
      expect(chartSvg(chart(kind, values), 'a')).toBe(svg);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      for (const attribute of ['x', 'x1', 'x2', 'cx']) {
        for (const x of numbersOf(svg, attribute)) expect(x >= -1 && x <= drawingWidth + 1).toBe(true);
      }
      for (const width of numbersOf(svg, 'width')) expect(width).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('an interval shows its ends, its middle and zero', () => {
  const svg = intervalSvg({ low: -0.02, high: 0.05, point: 0.015, format: { style: 'points' } }, 'i');
  expect(svg).toContain('>-2.0 pp</text>');
  expect(svg).toContain('>+5.0 pp</text>');
  expect(svg.match(/<circle/g)).toHaveLength(1);
  expect(intervalTitle({ low: 0, high: 1, point: 0.5, format: { style: 'percent' } })).toBe(
    '95 % confidence interval of 50.0 %',
  );
  expect(intervalSvg({ low: 0, high: 0, format: { style: 'count' } }, 'i')).not.toMatch(/NaN/);
});

/** Rows that are missing in one category are told there; what is missing everywhere, or usual, is not. */
import type { Check } from '../../src/quality/check.ts';
import type { CheckResult } from '../../src/quality/check-result.ts';
import type { Distribution } from '../../src/quality/drift.ts';
import { withMovedRows } from '../../src/quality/missing-rows.ts';
import type { Earlier, Point } from '../../src/quality/points.ts';

const base = {
  contract: 'c',
  definitionHash: 'h',
  name: 'n',
  table: 't',
  severity: 'error',
  tags: [],
  source: '',
} as const;
const volume = { ...base, id: 'v', kind: 'volume' } as unknown as Check;
const regions = { ...base, id: 'd', kind: 'distributionDrift', column: 'region' } as unknown as Check;

function categories(counts: Readonly<Record<string, number>>): Distribution {
  return { kind: 'categories', counts, total: Object.values(counts).reduce((sum, count) => sum + count, 0) };
}

const usual = { north: 400, south: 300, east: 300 };

function night(verdict: Point['verdict'], counts: Readonly<Record<string, number>>): Earlier {
  const point = { ...base, verdict, reason: '', distribution: categories(counts) };
  return { interval: '2024-01-01', point };
}

function movedBy(counts: Readonly<Record<string, number>>, verdict: CheckResult['verdict'] = 'failed') {
  const now = categories(counts);
  const actual = now.kind === 'categories' ? String(now.total) : '';
  const result = { ...base, id: 'v', verdict, actual, baseline: { points: 7, median: 1_000, method: '' } };
  const earlier = [night('passed', usual), night('failed', { north: 1 }), night('passed', usual)];
  const [found] = withMovedRows([volume, regions], [result as unknown as CheckResult], {
    distributions: { 'c/d': now },
    earlierOf: () => earlier,
  });
  return found!.movedRows ?? [];
}

test('the category whose rows are missing', () => {
  expect(movedBy({ north: 400, south: 10, east: 300 })).toEqual([
    { column: 'region', value: 'south', rows: 10, usual: 300 },
  ]);
  expect(movedBy({ north: 400, east: 300 })).toEqual([{ column: 'region', value: 'south', rows: 0, usual: 300 }]);
});

test('the category that has more rows, also one that is new', () => {
  expect(movedBy({ ...usual, east: 1_300 })).toEqual([{ column: 'region', value: 'east', rows: 1_300, usual: 300 }]);
  expect(movedBy({ ...usual, west: 900 })).toEqual([{ column: 'region', value: 'west', rows: 900, usual: 0 }]);
});

test('what all categories share has no cause among them, and a rule that holds has none', () => {
  expect(movedBy({ north: 200, south: 150, east: 150 })).toEqual([]);
  expect(movedBy({ north: 400, south: 10, east: 300 }, 'passed')).toEqual([]);
});

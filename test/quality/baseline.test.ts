import { baselineOf } from '../../src/quality/baseline.ts';
import type { HistoryWindow } from '../../src/quality/check.ts';
import { acceptedOf, earlierOf, type Earlier, type HistoryPoint, type Point } from '../../src/quality/points.ts';

const plain: HistoryWindow = { points: 14, learning: 7, season: 'none' };
const question = { interval: '2024-01-30', window: plain, sensitivity: 3, neededOfWeekday: 2 };

function point(value: number, verdict: Point['verdict'] = 'passed', definitionHash = 'h'): Point {
  return { definitionHash, name: 'n', table: 't', severity: 'error', verdict, reason: '', value: String(value) };
}

function days(values: readonly number[]): Earlier[] {
  return values.map((value, index) => ({
    interval: `2024-01-${String(index + 1).padStart(2, '0')}`,
    point: point(value),
  }));
}

function history(...points: readonly (readonly [interval: string, point: Point])[]): HistoryPoint[] {
  return points.map(([interval, one]) => ({
    schema: 'dpa.quality-point/2',
    suite: 's',
    interval,
    runId: 'r',
    recordedAt: '',
    checks: { 'k/c': one },
    columns: {},
  }));
}

test('too few points judge nothing', () => {
  expect(baselineOf(days([1, 2, 3, 4, 5, 6]), question)).toMatchObject({ kind: 'learning', points: 6 });
  expect(baselineOf(days([1, 2, 3, 4, 5, 6, 7]), question)).toMatchObject({ kind: 'known', median: 4 });
});

test('one exception among the points hardly widens what is expected', () => {
  const calm = baselineOf(days([10, 11, 10, 9, 10, 11, 9, 10]), question);
  const hit = baselineOf(days([10, 11, 10, 9, 1_000, 11, 9, 10]), question);
  if (calm.kind !== 'known' || hit.kind !== 'known') throw new Error('expected both to be known');
  expect(hit.median).toBe(10);
  expect(hit.sigma / calm.sigma).toBeLessThan(3);
});

test('points that never change still allow one percent', () => {
  expect(baselineOf(days(Array.from({ length: 10 }, () => 200)), question)).toMatchObject({ sigma: 2 });
});

test('a season compares with the same weekday', () => {
  // Mondays to Fridays 100, weekends 10; 30 January 2024 is a Tuesday, the 28th a Sunday.
  const weeks = days(Array.from({ length: 27 }, (_, index) => (index % 7 < 5 ? 100 : 10) + (index % 3)));
  const window: HistoryWindow = { points: 28, learning: 7, season: 'dayOfWeek' };
  const tuesday = baselineOf(weeks, { ...question, window });
  const sunday = baselineOf(weeks, { ...question, window, interval: '2024-01-28' });
  expect(tuesday.kind === 'known' && tuesday.median).toBeGreaterThan(99);
  expect(sunday.kind === 'known' && sunday.median).toBeLessThan(13);
});

test('only strictly earlier points of the same definition count, and no broken ones unless accepted', () => {
  const nights = history(
    ['1', point(1, 'passed', 'old')],
    ['2', point(2)],
    ['3', point(3, 'failed')],
    ['4', { ...point(4, 'failed'), accepted: { reason: 'moved' } }],
    ['5', point(5, 'error')],
    ['6', point(6)],
    ['7', point(7)],
  );
  const earlier = earlierOf(nights, { contract: 'k', id: 'c', definitionHash: 'h' }, '7');
  expect(earlier.map(({ interval }) => interval)).toEqual(['2', '3', '4', '5', '6']);
  expect(acceptedOf(earlier).map(({ interval }) => interval)).toEqual(['2', '4', '6']);
});

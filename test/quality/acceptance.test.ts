import { accept } from '../../src/quality/acceptance.ts';
import type { CheckVerdict } from '../../src/quality/check-result.ts';
import { eventsAt, incidentsOf } from '../../src/quality/incidents.ts';
import { acceptedOf, earlierOf, type HistoryPoint } from '../../src/quality/points.ts';

function night(interval: string, a: CheckVerdict, b: CheckVerdict = 'passed'): HistoryPoint {
  const point = (name: string, verdict: CheckVerdict) =>
    ({ definitionHash: 'h', name, table: 't', severity: 'error', verdict, reason: '', value: interval }) as const;
  const checks = { 'c/a': point('rule a', a), 'c/b': point('rule b', b) };
  return { schema: 'dpa.quality-point/2', suite: 's', interval, runId: interval, recordedAt: '', checks, columns: {} };
}

const history = [
  night('1', 'passed'),
  night('2', 'failed'),
  night('3', 'passed'),
  night('4', 'failed'),
  night('5', 'failed', 'failed'),
];

function after(checks: readonly string[]): HistoryPoint[] {
  const changed = accept(history, { checks, reason: 'new prices' });
  return history.map((point) => changed.find(({ interval }) => interval === point.interval) ?? point);
}

test('the nights since the incident began are accepted, not those of an earlier one', () => {
  const nights = after(['rule a']);
  expect(
    acceptedOf(earlierOf(nights, { contract: 'c', id: 'a', definitionHash: 'h' }, '6')).map(({ interval }) => interval),
  ).toEqual(['1', '3', '4', '5']);
  expect(nights[4]?.checks['c/b']?.accepted).toBeUndefined();
});

test('the incident ends, others stay', () => {
  const open = (nights: readonly HistoryPoint[]) =>
    incidentsOf('s', nights)
      .filter(({ closedAt }) => closedAt === undefined)
      .map(({ check }) => check);
  expect(open(history)).toEqual(['c/a', 'c/b']);
  expect(open(after(['a']))).toEqual(['c/b']);
  expect(open(after([]))).toEqual([]);
});

test('how it ended is remembered with the reason', () => {
  const nights = [...after(['rule a']), night('6', 'passed'), night('7', 'failed')];
  expect(incidentsOf('s', nights).find(({ openedAt }) => openedAt === '7')?.earlier).toMatchObject([
    { openedAt: '2', closedAt: '3', ended: { kind: 'held' } },
    { openedAt: '4', closedAt: '5', nights: 2, ended: { kind: 'accepted', reason: 'new prices' } },
  ]);
  expect(eventsAt(incidentsOf('s', nights), '6')).toMatchObject([{ kind: 'closed', incident: { check: 'c/b' } }]);
});

test('what could not be evaluated cannot be accepted', () => {
  expect(accept([night('1', 'error')], { checks: ['a'], reason: 'so' })).toEqual([]);
});

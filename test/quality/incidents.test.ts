import type { CheckVerdict } from '../../src/quality/check-result.ts';
import { eventsAt, incidentsOf } from '../../src/quality/incidents.ts';
import type { HistoryPoint } from '../../src/quality/points.ts';

function night(interval: string, verdict: CheckVerdict): HistoryPoint {
  const point = { definitionHash: 'h', name: 'rule', table: 't', severity: 'error', verdict, reason: verdict } as const;
  return {
    schema: 'dpa.quality-point/1',
    suite: 's',
    interval,
    runId: interval,
    recordedAt: '',
    checks: { c: point },
    columns: {},
  };
}

const words = (history: readonly HistoryPoint[]) =>
  history.map(({ interval }) =>
    eventsAt(incidentsOf('s', history), interval)
      .map(({ kind }) => kind)
      .join(),
  );

test('the first broken night opens, the next ones keep, the first good one closes', () => {
  const history = [
    night('1', 'passed'),
    night('2', 'failed'),
    night('3', 'failed'),
    night('4', 'passed'),
    night('5', 'passed'),
  ];
  expect(words(history)).toEqual(['', 'opened', 'kept', 'closed', '']);
});

test('a night that judged nothing neither opens nor closes; what could not be evaluated opens', () => {
  const history = [
    night('1', 'error'),
    night('2', 'skipped'),
    night('3', 'learning'),
    night('4', 'failed'),
    night('5', 'passed'),
  ];
  expect(words(history)).toEqual(['opened', '', '', 'kept', 'closed']);
});

test('the order in which nights were recorded does not matter, and a night run again counts as it is now', () => {
  const history = [night('3', 'passed'), night('1', 'failed'), night('2', 'failed')];
  expect(incidentsOf('s', history)).toMatchObject([{ openedAt: '1', closedAt: '3', nights: 2 }]);
  expect(incidentsOf('s', [night('3', 'passed'), night('1', 'passed'), night('2', 'failed')])).toMatchObject([
    { openedAt: '2', closedAt: '3', fingerprint: 's/c/2' },
  ]);
});

test('what broke before is named', () => {
  const history = [
    night('1', 'failed'),
    night('2', 'passed'),
    night('3', 'failed'),
    night('4', 'passed'),
    night('5', 'failed'),
  ];
  expect(incidentsOf('s', history).at(-1)).toMatchObject({ openedAt: '5', earlier: ['1', '3'] });
});

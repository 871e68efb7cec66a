import type { CheckVerdict } from '../../src/quality/check-result.ts';
import { eventsAt, incidentsOf, withBeginnings } from '../../src/quality/incidents.ts';
import { pastText } from '../../src/quality/incident-text.ts';
import type { HistoryPoint } from '../../src/quality/points.ts';

function night(interval: string, verdict: CheckVerdict): HistoryPoint {
  const point = { definitionHash: 'h', name: 'rule', table: 't', severity: 'error', verdict, reason: verdict } as const;
  return {
    schema: 'dpa.quality-point/2',
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
  expect(incidentsOf('s', history).at(-1)).toMatchObject({
    openedAt: '5',
    earlier: [
      { openedAt: '1', closedAt: '2' },
      { openedAt: '3', closedAt: '4' },
    ],
  });
});

test('a rule that is removed while it is broken is broken no more', () => {
  const without = { ...night('3', 'passed'), checks: {} };
  const history = [night('1', 'failed'), night('2', 'failed'), without, night('4', 'failed')];
  expect(words(history)).toEqual(['opened', 'kept', 'closed', 'opened']);
  expect(incidentsOf('s', history)[0]).toMatchObject({ closedAt: '3', ended: { kind: 'removed' } });
});

test('an incident that is older than the history that is read keeps its beginning and its fingerprint', () => {
  const history = ['1', '2', '3', '4', '5'].map((interval) => night(interval, 'failed'));
  const seen: HistoryPoint[] = [];
  for (const point of history) seen.push(withBeginnings(point, incidentsOf('s', [...seen.slice(-2), point])));
  const window = seen.slice(-2);
  expect(incidentsOf('s', window)).toMatchObject([{ openedAt: '1', nights: 5, fingerprint: 's/c/1', lastSeenAt: '5' }]);
  expect(words(window)).toEqual(['kept', 'kept'].map((word, index) => (index === 0 ? '' : word)));
});

test('what broke in the same place before is said with how it ended', () => {
  const segment = { column: 'country', value: 'DE', violating: 9, rows: 10, share: 0.9 };
  const broken = (interval: string) => {
    const point = night(interval, 'failed');
    return { ...point, checks: { c: { ...point.checks['c']!, segment } } };
  };
  const history = [broken('2024-10-03'), night('2024-10-04', 'passed'), broken('2024-10-09')];
  expect(pastText(incidentsOf('s', history).at(-1)!)).toBe(
    'It broke the same way (country = DE) on 2024-10-03, for 1 run, then it held again by itself on 2024-10-04.',
  );
});

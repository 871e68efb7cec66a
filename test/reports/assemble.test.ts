import { assembleReport } from '../../src/reports/assemble.ts';
import { chartLabels } from '../../src/reports/chart-labels.ts';
import { facts, results, sampleReport, submission } from './sample.ts';

const verified = { kind: 'verified' } as const;
const refused = { kind: 'refused', problems: ['quantity 0 is wrong.'] } as const;

test('all findings of the sample are verified and carry their evidence', () => {
  const report = sampleReport();
  expect(report.struck).toEqual([]);
  expect(report.findings).toHaveLength(submission.findings.length);
  expect(report.evidence.map(({ call }) => call)).toEqual(['t2c0', 't2c1', 't3c0', 't3c1']);
});

test('a refused finding is struck, with it the evidence that only it cites', () => {
  const verdicts = submission.findings.map((_, index) => (index === 1 ? refused : verified));
  const report = assembleReport(facts, submission, verdicts, results);
  expect(report.struck).toEqual([{ severity: 'key', problems: ['quantity 0 is wrong.'] }]);
  expect(report.evidence.map(({ call }) => call)).toEqual(['t2c0', 't3c0', 't3c1']);
});

test('a finding without a verdict is not taken as right', () => {
  expect(assembleReport(facts, submission, [], results).findings).toEqual([]);
});

test('an interval is found with the number it surrounds', () => {
  const [first, , plan] = sampleReport().findings;
  expect(first?.intervals).toHaveLength(1);
  expect(first?.intervals[0]?.point).toBeCloseTo(1387 / 3725 - 1212 / 21044);
  expect(plan?.intervals[0]?.point).toBeCloseTo(870 / 4210);
  expect(plan!.intervals[0]!.low).toBeLessThan(870 / 4210);
});

test('an excerpt holds the first rows and every cited one, however far down', () => {
  const excerpt = sampleReport().evidence[1]!.excerpt;
  expect(excerpt.rows.map(({ row }) => row)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 10, 11]);
  expect(excerpt.rows.at(-1)?.cited).toEqual([2]);
});

test('a chart cuts long results and keeps missing values as gaps', () => {
  const change = sampleReport().findings[3]?.chart;
  expect(change?.points.map(({ value }) => value)).toEqual([0.012, -0.021, 0, null]);
  const months = { ...submission.findings[1]!.chart!, kind: 'bars' as const };
  const rows = Array.from({ length: 50 }, (_, index) => [`m${index}`, '1', '1', index]);
  const long = new Map([
    ...results,
    ['t2c1', { ...results.get('t2c1')!, table: { ...results.get('t2c1')!.table, rows } }],
  ]);
  const only = { ...submission, findings: [{ ...submission.findings[1]!, chart: months }] };
  const [finding] = assembleReport(facts, only, [verified], long).findings;
  expect(finding?.chart?.points).toHaveLength(16);
  expect(finding?.chart?.left).toBe(34);
});

test('dates in labels are shortened only when all of them can be', () => {
  expect(chartLabels(['2024-01-01 00:00:00', '2024-02-01 00:00:00'])).toEqual(['2024-01', '2024-02']);
  expect(chartLabels(['2024-01-01', '2024-01-02'])).toEqual(['2024-01-01', '2024-01-02']);
  expect(chartLabels(['2024-01-01 00:00:00', 'NULL'])).toEqual(['2024-01-01 00:00:00', 'NULL']);
  expect(chartLabels(['2024-01-01'])).toEqual(['2024-01-01']);
});

/** A quality run as a bad night makes it: rows, trends, segments, incidents, long names, wide samples. */
import type { CheckResult } from '../../../src/quality/check-result.ts';
import { keyOf } from '../../../src/quality/check-id.ts';
import type { RunDocument } from '../../../src/quality/run.ts';
import { checkOf, hostile, runOf, verdicts } from './sample-run.ts';

const wide = Array.from({ length: 14 }, (_, index) => `column_with_a_long_name_${index}`);

function row(index: number): (string | null)[] {
  return wide.map((_, column) => (column === 3 ? null : `value ${index}/${column} ${'x'.repeat(column)}`));
}

/** `text` stands wherever a file, a person or the data could have put it. */
export function fullRun(text: string = hostile.name): RunDocument {
  const failed: CheckResult = checkOf('failed', {
    id: 'amount-positive',
    name: `Amounts are positive ${text}`,
    columns: ['amount', text],
    owner: text,
    reason: `23 of 1,000 rows violate it (2.3 %). ${text}`,
    violatingRows: 23,
    evaluatedRows: 1000,
    sample: {
      columns: wide,
      rows: [row(0), [text, ...row(1).slice(1)], ...Array.from({ length: 3 }, (_, index) => row(index + 2))],
      statement: `SELECT ${wide.join(', ')} FROM "orders" WHERE NOT (amount > 0) -- ${text}`,
      withheld: [text],
    },
  });
  const drifted = checkOf('warning', {
    id: 'amount-usual',
    name: 'The average amount is as usual',
    kind: 'anomaly',
    reason: `48.2 lies outside of 31.0 to 36.5 (${'unbroken'.repeat(30)}).`,
    actual: '48.2',
    baseline: { method: 'median', points: 14, low: 31, high: 36.5, median: 33.7 },
  });
  const checks = [failed, drifted, ...verdicts.map((verdict) => checkOf(verdict, { id: `plain-${verdict}` }))];
  const run = runOf(checks);
  const key = (id: string): string => keyOf({ contract: failed.contract, id });
  const nights = Array.from({ length: 20 }, (_, index) => `2023-12-${String(index + 11).padStart(2, '0')}`);
  return {
    ...run,
    suite: `shop ${text}`,
    headline: `shop: 2 failed, 1 could not be evaluated, 2 warnings — ${checks.length} checks of 1 table`,
    problems: [`The history of one night could not be read. ${text}`],
    unchecked: [{ name: text, table: 'orders', source: 'schema[0]', reason: text }],
    trends: {
      [key('amount-positive')]: nights.map((interval, index) => ({
        interval,
        verdict: index > 16 ? ('failed' as const) : ('passed' as const),
        value: String(index > 16 ? 20 + index : index % 3),
      })),
      [key('amount-usual')]: nights.map((interval, index) => ({
        interval,
        verdict: 'passed' as const,
        value: String(33 + Math.sin(index) * 2),
      })),
    },
    uiUrl: 'javascript:alert(1)',
  };
}

import { inlineResult } from '../../../src/reports/quality/inline-result.ts';
import { checkOf, runOf } from './sample-run.ts';

const maxBytes = 48 * 1024;

type Result = {
  shortened?: string;
  counts: { passed: number };
  checks: { verdict: string; reason: string; failedSamples?: unknown }[];
};

function shortened(checks: ReturnType<typeof checkOf>[]): Result {
  const text = inlineResult(runOf(checks));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
  return JSON.parse(text) as Result;
}

const sample = { columns: ['a'], rows: [['x'.repeat(30_000)]], statement: 'SELECT 1', withheld: [] };
const many = (count: number, verdict: 'passed' | 'failed', reason: string) =>
  Array.from({ length: count }, (_, index) => checkOf(verdict, { id: `check-${verdict}-${index}`, reason }));

test('what is small is whole', () => {
  const result = shortened([checkOf('failed', { sample: { ...sample, rows: [['x']] } }), checkOf('passed')]);
  expect(result.shortened).toBeUndefined();
  expect(result.checks).toHaveLength(2);
  expect(result.checks[0]?.failedSamples).toEqual([{ a: 'x' }]);
});

test('rows go first, then what passed, then all but the first that are broken; the counts stay', () => {
  const withoutRows = shortened([checkOf('failed', { sample }), checkOf('failed', { id: 'other', sample })]);
  expect(withoutRows.checks.map(({ failedSamples }) => failedSamples)).toEqual([undefined, undefined]);
  expect(withoutRows.shortened).toBe('rows, SQL and trends');
  const withoutPassed = shortened([...many(200, 'passed', 'ä'.repeat(100)), checkOf('failed')]);
  expect(withoutPassed.checks.map(({ verdict }) => verdict)).toEqual(['failed']);
  expect(withoutPassed.counts.passed).toBe(200);
  const first = shortened(many(300, 'failed', 'ß'.repeat(1_000)));
  expect(first.checks).toHaveLength(50);
  expect(first.shortened).toContain('first 50');
});

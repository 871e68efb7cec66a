import { defaultMaxSteps } from '../../src/analysis/budget.ts';
import { checkedLimits, checkedCount, checkedTimeout, checkedUsd } from '../../src/commands/limits.ts';

test.each([
  ['30s', 30_000],
  ['10m', 600_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['1.5h', 5_400_000],
])('%s is a time', (words, ms) => {
  expect(checkedTimeout(words)).toBe(ms);
});

test.each(['', '2', 'h', '0s', '-1h', '2 hours', 'NaN', '1e3s', '400d', 'Infinityh'])('%j is no time', (words) => {
  expect(() => checkedTimeout(words)).toThrow(/^--timeout: expected a time .*found /);
});

test.each(['', '0', '-1', 'NaN', 'Infinity', '1e9', '$2', '0x10', '2000000'])('%j is no money', (words) => {
  expect(() => checkedUsd(words)).toThrow(/^--budget-usd: expected US dollars .*found /);
});

test.each(['', '0', '1.5', 'many', '-3', '1e3', '11'])('%j is no number of steps', (words) => {
  expect(() => checkedCount('--max-steps', words, 10)).toThrow(/^--max-steps: expected a whole number .*found /);
});

test.each(['', '10', '0GB', '-1GB', '1 gigabyte', '2PiB', '5000PB'])('%j is no size', (words) => {
  expect(() => checkedLimits({ maxBytesScanned: words })).toThrow(/^--max-bytes-scanned: expected a size .*found /);
});

test('what is not given is no limit, and the steps are as many as usual', () => {
  expect(checkedLimits()).toEqual({ maxSteps: defaultMaxSteps, limits: {} });
});

test('a flag comes before dpa.yaml', () => {
  const settings = { steps: 7, usd: 1, workMs: 1, tokens: 5, bytesScanned: 9 };
  expect(checkedLimits({}, settings)).toEqual({
    maxSteps: 7,
    limits: { usd: 1, workMs: 1, tokens: 5, bytesScanned: 9 },
  });
  const flags = { maxSteps: '3', budgetUsd: '.5', timeout: '1m', maxTokens: '200000', maxBytesScanned: '1.5gb' };
  const limits = { usd: 0.5, workMs: 60_000, tokens: 200_000, bytesScanned: 1_500_000_000 };
  expect(checkedLimits(flags, settings)).toEqual({ maxSteps: 3, limits });
});

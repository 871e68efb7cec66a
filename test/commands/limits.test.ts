import { checkedLimits, checkedSteps, checkedTimeout, checkedUsd } from '../../src/commands/limits.ts';

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

test.each(['', '0', '1.5', 'many', '-3', '1e3'])('%j is no number of steps', (words) => {
  expect(() => checkedSteps(words)).toThrow(/^--max-steps: expected a whole number .*found /);
});

test('what is not given is no limit', () => {
  expect(checkedLimits({})).toEqual({});
  expect(checkedLimits({ budgetUsd: '.5', timeout: '1m' })).toEqual({ usd: 0.5, timeoutMs: 60_000 });
});

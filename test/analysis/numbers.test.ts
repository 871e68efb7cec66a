import * as fc from 'fast-check';
import type { NumberFormat, Quantity } from '../../src/analysis/evidence.ts';
import { formatNumber, numbersInText, renderStatement, statementParts } from '../../src/analysis/numbers.ts';

const cell = { kind: 'cell', call: 't0c0', row: 0, column: 'n' } as const;
const quantity = (value: number, format: NumberFormat): Quantity => ({ value, format, source: cell });

test.each([
  [12345, { style: 'count' }, '12,345'],
  [-1234567, { style: 'count' }, '-1,234,567'],
  [999, { style: 'count' }, '999'],
  [1234.5678, { style: 'decimal' }, '1,234.57'],
  [3, { style: 'decimal', digits: 0 }, '3'],
  [0.1324, { style: 'percent' }, '13.2 %'],
  [0.031, { style: 'points' }, '+3.1 percentage points'],
  [-0.031, { style: 'points' }, '-3.1 percentage points'],
  [0.00001, { style: 'points' }, '0.0 percentage points'],
  [2.4, { style: 'times' }, '2.4 times'],
  [-0.0001, { style: 'percent' }, '0.0 %'],
  [NaN, { style: 'count' }, 'n/a'],
  [-Infinity, { style: 'points' }, 'n/a'],
] as const)('%p in %p reads %p', (value, format, text) => {
  expect(formatNumber(value, format)).toBe(text);
});

const anyFormat = fc.record({
  style: fc.constantFrom('count', 'decimal', 'percent', 'points', 'times'),
  digits: fc.integer({ min: 0, max: 6 }),
});

test('a written number is read back as exactly one number, right to the last digit shown', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), anyFormat, (value, format) => {
      const tokens = numbersInText(`It is ${formatNumber(value, format)}, they say.`);
      const scaled = value * (format.style === 'percent' || format.style === 'points' ? 100 : 1);
      expect(tokens).toHaveLength(1);
      expect(Math.abs(tokens[0]!.value - scaled)).toBeLessThanOrEqual(
        0.5 * 10 ** -format.digits + Math.abs(scaled) * 1e-15,
      );
    }),
  );
});

test('numbers are found in plain text only: not in back-quotes, not inside words', () => {
  const text = 'In `Q4 2024` sales of x86 rose by 1,234.5, then -3 %, then 1e6; `12`34';
  expect(numbersInText(text).map((token) => token.value)).toEqual([1234.5, -3, 1e6, 34]);
  expect(numbersInText(text).every(({ start, text: token }) => text.startsWith(token, start))).toBe(true);
});

test('a statement is rendered with its quantities, names stay quoted', () => {
  const finding = {
    statement: '`gold` has {0} customers, {1} of all; again {0}.',
    quantities: [quantity(1500, { style: 'count' }), quantity(0.25, { style: 'percent', digits: 0 })],
  };
  expect(renderStatement(finding)).toBe('`gold` has 1,500 customers, 25 % of all; again 1,500.');
});

test('a placeholder inside back-quotes is a name, one without a quantity stays as it is', () => {
  expect(statementParts('`{0}` is {0} and {7}', [quantity(1, { style: 'count' })])).toEqual([
    { kind: 'name', text: '{0}' },
    { kind: 'text', text: ' is ' },
    { kind: 'number', text: '1', index: 0 },
    { kind: 'text', text: ' and ' },
    { kind: 'text', text: '{7}' },
  ]);
});

import * as fc from 'fast-check';
import { indexTable, indexWords, maxNameChars, quotedNames, quoteName } from '../../src/analysis/names.ts';
import type { Cell, Table } from '../../src/analysis/table.ts';

function table(...cells: Cell[]): Table {
  return { columns: [{ name: 'plan', type: 'VARCHAR' }], rows: cells.map((cell) => [cell]) };
}

test('any value that is quoted is found again in the result it came from', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.double(), fc.constant(null)), (value) => {
      const [name = '', ...more] = quotedNames(`The value ${quoteName(value)} stands out.`);
      expect(more).toEqual([]);
      expect(Array.from(name).length).toBeLessThanOrEqual(maxNameChars);
      expect(indexTable(table(value)).has(name)).toBe(true);
    }),
  );
});

test.each([
  ['gold', true],
  ['GOLD', true],
  ['plan', true],
  ['old', false],
  ['oz', true],
  ['%', true],
  ['N/A', true],
  ['2024-12', true],
  ['2024', true],
  ['2025', false],
  ['12', false],
  ['12.0', false],
  ['7', true],
  ['platinum', false],
])('%p is named in the result: %p', (name, expected) => {
  const index = indexTable(
    table('gold', '12.0oz', '0.05%', '2024-12-01 00:00:00', 7, '[["N/A",1005],["60",3]]', '{broken'),
  );
  expect(index.has(name)).toBe(expected);
});

test('each whole word of the task counts', () => {
  const index = indexWords(['Analyze churn in Q4 of 2024, above 1,250.5', 'sales_database']);
  expect(['churn', 'Q4', '2024', '1,250.5', 'churn in Q4', 'sales_database'].every(index.has)).toBe(true);
  expect(['urn', '4', '24', '250', '5', 'support'].some(index.has)).toBe(false);
});

test('a name that was cut is recognised by its beginning, a short stump is not', () => {
  const index = indexTable(table(`${'long value '.repeat(20)}end`));
  expect(index.has('long value long value lo…')).toBe(true);
  expect(index.has('long value long value la…')).toBe(false);
  expect(index.has('l…')).toBe(false);
});

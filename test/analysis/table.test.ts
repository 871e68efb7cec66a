import { cellAt, numberAt, type Table } from '../../src/analysis/table.ts';

const table: Table = { columns: [{ name: 'n', type: 'BIGINT' }], rows: [['12'], [null]] };

test('a cell is found by row and column name', () => {
  expect(cellAt(table, 0, 'n')).toBe('12');
  expect(cellAt(table, 0, 'm')).toBeUndefined();
});

test('digits in a string are a number, null is none', () => {
  expect(numberAt(table, 0, 'n')).toBe(12);
  expect(numberAt(table, 1, 'n')).toBeUndefined();
});

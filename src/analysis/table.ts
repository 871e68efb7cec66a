/** A table as tools return it: columnar description, rows of JSON cells. */

/** int64, decimals, dates and timestamps arrive as strings; doubles as numbers; NaN and infinities as strings. */
export type Cell = string | number | boolean | null;

export type Column = { readonly name: string; readonly type: string };

export type Table = {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
};

/** The cell at (row, column name), or undefined when the table has no such place. */
export function cellAt(table: Table, row: number, column: string): Cell | undefined {
  const index = table.columns.findIndex((candidate) => candidate.name === column);
  return index < 0 ? undefined : table.rows[row]?.[index];
}

/** A cell read as a number (strings of digits included), or undefined when it is none. */
export function numberAt(table: Table, row: number, column: string): number | undefined {
  const cell = cellAt(table, row, column);
  if (typeof cell === 'number') return cell;
  if (typeof cell !== 'string' || cell.trim() === '') return undefined;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}

/** When two results of the same query count as the same, and how they differ when they do not. */
import type { Cell, Table } from './table.ts';

/** Parallel sums of floats differ in the last bits from run to run; a real change is far bigger. */
export const floatTolerance = 1e-9;

/** Below this, floats are leftovers of a cancellation, for which a relative tolerance says nothing. */
const floatFloor = 1e-12;

export type Comparison = { readonly kind: 'same' } | { readonly kind: 'different'; readonly difference: string };

/** The canonical text of a table: equal texts mean equal tables, so its hash names the result. */
export function canonicalText(table: Table): string {
  return JSON.stringify({ columns: table.columns.map(({ name, type }) => [name, type]), rows: table.rows });
}

/** Hash of a result. Hashing needs the world, so the function comes from outside; it gets UTF-8 text. */
export function resultHash(table: Table, sha256: (text: string) => string): string {
  return sha256(canonicalText(table));
}

/**
 * Compares a result with its repetition: byte for byte, else cell by cell, else as multisets of rows. The order of
 * rows alone is no difference: no number depends on it, and ties may come in any order even under ORDER BY.
 */
export function compareTables(original: Table, rerun: Table): Comparison {
  if (canonicalText(original) === canonicalText(rerun)) return { kind: 'same' };
  if (columnsOf(original) !== columnsOf(rerun)) {
    return { kind: 'different', difference: `the columns were ${columnsOf(original)} and are now ${columnsOf(rerun)}` };
  }
  if (original.rows.length !== rerun.rows.length) {
    return {
      kind: 'different',
      difference: `there were ${original.rows.length} rows and are now ${rerun.rows.length}`,
    };
  }
  const floats = original.columns.map(({ type }) => /double|float|real/i.test(type));
  const first = firstDifference(original, rerun, floats);
  if (first === undefined || sameMultiset(original, rerun, floats)) return { kind: 'same' };
  return { kind: 'different', difference: first };
}

/** Equal up to rounding; `undefined` never equals anything. */
export function nearlyEqual(left: number | undefined, right: number | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  const distance = Math.abs(left - right);
  return distance <= floatFloor || distance <= floatTolerance * Math.max(Math.abs(left), Math.abs(right));
}

function columnsOf(table: Table): string {
  return table.columns.map(({ name, type }) => `${name} ${type}`).join(', ');
}

type Row = readonly Cell[];

function firstDifference(original: Table, rerun: Table, floats: readonly boolean[]): string | undefined {
  for (const [index, row] of original.rows.entries()) {
    const other = rerun.rows[index] ?? [];
    const column = floats.findIndex((float, at) => !sameCell(row[at], other[at], float));
    if (column >= 0) {
      const was = JSON.stringify(row[column]);
      const is = JSON.stringify(other[column]);
      return `row ${index}, column \`${original.columns[column]?.name}\` was ${was} and is now ${is}`;
    }
  }
  return undefined;
}

function sameCell(left: Cell | undefined, right: Cell | undefined, float: boolean): boolean {
  if (left === right) return true;
  return float && typeof left === 'number' && typeof right === 'number' && nearlyEqual(left, right);
}

/** Rows are put in buckets by their exact cells; inside a bucket each row has to find a partner of its own. */
function sameMultiset(original: Table, rerun: Table, floats: readonly boolean[]): boolean {
  const buckets = new Map<string, Row[]>();
  for (const row of rerun.rows) {
    const key = exactKey(row, floats);
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, [row]);
    else bucket.push(row);
  }
  return original.rows.every((row) => {
    const bucket = buckets.get(exactKey(row, floats)) ?? [];
    const partner = bucket.findIndex((other) => floats.every((float, at) => sameCell(row[at], other[at], float)));
    if (partner < 0) return false;
    bucket.splice(partner, 1);
    return true;
  });
}

function exactKey(row: Row, floats: readonly boolean[]): string {
  return JSON.stringify(row.map((cell, at) => (floats[at] === true && typeof cell === 'number' ? 0 : cell)));
}

/** A cell of a result as an excerpt shows it. */
import { nullName } from '../analysis/names.ts';
import type { Cell } from '../analysis/table.ts';

/** Digits of a float that are shown: more than any statement uses, fewer than rounding noise has. */
const significantDigits = 8;

export function cellText(cell: Cell): string {
  if (cell === null) return nullName;
  if (typeof cell === 'number' && !Number.isInteger(cell)) return String(Number(cell.toPrecision(significantDigits)));
  return String(cell);
}

/** Puts the numbers of the parts of a table together, as the engine would have for all of it. */
import type { Cell } from './ask.ts';
import { compareDecimals, isNumber } from './decimal.ts';
import type { Merge } from './prepared-check.ts';

/** NULL is the number of a part without values. Undefined where they cannot be put together without the engine. */
export function merged(cells: readonly Cell[], by: Merge): Cell | undefined {
  const given = cells.filter((cell) => cell !== null);
  if (given.length === 0) return null;
  return by === 'add' ? sumOf(given) : extremeOf(given, by);
}

const plainDecimal = /^-?\d+(\.\d+)?$/;
const isoMoment = /^\d{4}-\d\d-\d\d/;

/** Exact where they are written as decimals; floats are added as floats, in the order of the parts. */
function sumOf(cells: readonly Exclude<Cell, null>[]): Cell | undefined {
  const texts = cells.map(String);
  if (!texts.every((text) => plainDecimal.test(text))) {
    const sum = cells.reduce<number>((total, cell) => total + Number(cell), 0);
    return Number.isFinite(sum) ? sum : undefined;
  }
  if (cells.some((cell) => typeof cell === 'number' && !Number.isInteger(cell)))
    return cells.reduce<number>((total, cell) => total + Number(cell), 0);
  const places = Math.max(...texts.map((text) => (text.split('.')[1] ?? '').length));
  const sum = texts.reduce((total, text) => total + scaled(text, places), 0n);
  if (places === 0) return sum.toString();
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, '0');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function scaled(text: string, places: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(`${whole}${fraction.padEnd(places, '0')}`);
}

function extremeOf(cells: readonly Exclude<Cell, null>[], by: 'least' | 'greatest'): Cell | undefined {
  const compare = comparisonFor(cells.map(String));
  if (compare === undefined) return undefined;
  const sign = by === 'least' ? 1 : -1;
  return cells.reduce((best, cell) => (sign * compare(String(cell), String(best)) < 0 ? cell : best));
}

function comparisonFor(texts: readonly string[]): ((a: string, b: string) => number) | undefined {
  if (texts.every(isNumber)) return (a, b) => compareDecimals(a, b)!;
  // Moments of one column are written alike.
  if (texts.every((text) => isoMoment.test(text))) return (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  return undefined;
}

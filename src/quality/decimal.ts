/** Decimal numbers as they are written, compared without rounding. */

/** Written by hand or by an engine: `12`, `-0.5`, `1e-7`, `+3.`, and the words `NaN`, `Infinity`, `-Infinity`. */
export function isNumber(text: string): boolean {
  return parse(text) !== undefined;
}

/** Negative, 0 or positive. NaN is greater than everything and equal to itself, as engines sort it. Undefined when one is no number. */
export function compareDecimals(a: string, b: string): number | undefined {
  const [left, right] = [parse(a), parse(b)];
  if (left === undefined || right === undefined) return undefined;
  if (left.rank !== right.rank) return left.rank - right.rank;
  if (left.rank !== 0) return 0;
  const scale = Math.max(left.scale, right.scale);
  const difference = at(left, scale) - at(right, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** `rank`: -1 minus infinity, 0 a finite number, 1 infinity, 2 NaN. The value is `digits` / 10^`scale`. */
type Parsed = { readonly rank: number; readonly digits: bigint; readonly scale: number };

/** Longer exponents would make a number of more digits than anybody means. */
const maxExponent = 4_000;

const words: Readonly<Record<string, number>> = {
  nan: 2,
  inf: 1,
  '+inf': 1,
  infinity: 1,
  '+infinity': 1,
  '-inf': -1,
  '-infinity': -1,
};

function parse(text: string): Parsed | undefined {
  const rank = words[text.trim().toLowerCase()];
  if (rank !== undefined) return { rank, digits: 0n, scale: 0 };
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const power = Number(exponent);
  if (whole + fraction === '' || Math.abs(power) > maxExponent) return undefined;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - power;
  return scale >= 0 ? { rank: 0, digits, scale } : { rank: 0, digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

function at({ digits, scale }: Parsed, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - scale);
}

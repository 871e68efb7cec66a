/** JSON whose text depends only on the value: keys sorted, invisible characters removed, depth bounded. */
import { cleanText } from './clean-text.ts';

/** Throws a `RangeError` when the value nests deeper than `depth`. */
export function canonicalJson(value: unknown, depth: number): string {
  return JSON.stringify(canonical(value, depth));
}

function canonical(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) throw new RangeError('nested too deeply');
  if (Array.isArray(value)) return value.map((item) => canonical(item, depth - 1));
  const sorted: [string, unknown][] = Object.entries(value)
    .map(([key, item]): [string, unknown] => [cleanText(key), canonical(item, depth - 1)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted);
}

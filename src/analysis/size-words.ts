/** Sizes of data as people write them: `500MB`, `10GB`, and as they are told. */

const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** What is expected, for messages. */
export const sizeWords = 'a size with its unit, such as 500MB, 10GB or 1TB';

/** Bytes, a KB being 1,000 of them; undefined when the words are none of this. */
export function readSize(words: string): number | undefined {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*(KB|MB|GB|TB|PB|B)$/i.exec(words) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const power = Math.max(
    0,
    units.findIndex((name) => name === unit.toUpperCase()),
  );
  const bytes = Math.round(Number(count) * 1_000 ** power);
  return bytes >= 1 ? bytes : undefined;
}

/** In the largest unit that fits: `1.2 GB`, `17 bytes`. */
export function writtenSize(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${(bytes / 1_000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** Names and texts as SQL, and the rows of a table that a suggestion looks at. */

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Any column as text. */
export function asText(column: string): string {
  return `CAST(${identifier(column)} AS VARCHAR)`;
}

/** Rows looked at for what needs many passes. More are thinned out by whole groups, so that what belongs together stays together. */
export const MAX_STUDIED_ROWS = 200_000;

/** A condition that keeps whole groups of equal values, the same in every run; absent when all rows are looked at. */
export function thinned(rows: number, columns: readonly string[]): string | undefined {
  const parts = Math.ceil(rows / MAX_STUDIED_ROWS);
  if (parts <= 1) return undefined;
  return `hash(${columns.map(asText).join(', ')}) % ${parts} = 0`;
}

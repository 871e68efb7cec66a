/** Names of datasets: legal SQL identifiers that need no quotes, made from file and folder names. */

/** What DuckDB 1.5 calls reserved (`duckdb_keywords()`): such a name would need quotes in every query. */
const reservedWords = new Set(
  `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default
  deferrable desc describe distinct do else end except false fetch for foreign from group having in initially intersect
  into lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider placing primary
  qualify references returning select show some summarize symmetric table then to trailing true union unique unpivot
  using variadic when where window with`.split(/\s+/),
);

const maxIdentifierChars = 100;

/** `my orders-2024` → `my_orders_2024`. Letters of any script stay; a leading digit gets `t_`. */
export function identifierFrom(text: string): string {
  const words = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}_]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, maxIdentifierChars);
  if (words === '') return 'dataset';
  return /^\p{N}/u.test(words) ? `t_${words}` : words;
}

/** One name each: reserved words and names met twice get the format as suffix, then a number. */
export function uniqueNames(wanted: readonly { readonly stem: string; readonly format: string }[]): string[] {
  const stems = wanted.map(({ stem }) => identifierFrom(stem));
  const taken = new Set<string>();
  return stems.map((stem, index) => {
    const isShared = stems.filter((other) => other.toLowerCase() === stem.toLowerCase()).length > 1;
    const base = isShared || reservedWords.has(stem.toLowerCase()) ? `${stem}_${wanted[index]!.format}` : stem;
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}_${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** A name inside SQL. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** A text inside SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Names of datasets: legal SQL identifiers that need no quotes, made from file and folder names. */

/** Words that DuckDB 1.5 does not take as a table name without quotes (each of its keywords was tried). */
const reservedWords = new Set(
  `all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by case cast check
  collate collation column concurrently constraint create cross default deferrable desc describe distinct do
  else end except false fetch for foreign freeze from full glob group having ilike in initially inner intersect
  into is isnull join lambda lateral leading left like limit natural not notnull null offset on only or order
  outer overlaps pivot pivot_longer pivot_wider placing positional primary qualify references returning right
  select semi show similar some summarize symmetric table tablesample then to trailing true union unique unpack
  unpivot using variadic verbose when where window with`.split(/\s+/),
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

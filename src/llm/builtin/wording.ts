/** Words and names compared: splits `order_items`, `OrderItems` and "order items" into the same parts, in singular. */

/** The lower-case parts of a name or sentence. */
export function tokensOf(text: string): string[] {
  return text
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '');
}

/** An English plural without its ending; other words unchanged. */
export function singular(token: string): string {
  if (token.length > 4 && token.endsWith('ies')) return `${token.slice(0, -3)}y`;
  if (token.length > 4 && /(ss|sh|ch|x|z)es$/.test(token)) return token.slice(0, -2);
  if (token.length > 3 && token.endsWith('s') && !/(ss|us|is)$/.test(token)) return token.slice(0, -1);
  return token;
}

/** The stem by which related words meet: churn, churned; fail, failed, failure; return, returned. */
export function stem(token: string): string {
  const one = singular(token);
  for (const ending of ['ations', 'ation', 'ures', 'ure', 'ing', 'ed', 'er', 'ly', 'e']) {
    if (one.endsWith(ending) && one.length - ending.length >= 4) return one.slice(0, -ending.length);
  }
  return one;
}

/** How well a name fits the words of a task: the share of its parts that are said there, 0 to 1. */
export function fit(name: string, task: readonly string[]): number {
  const all = tokensOf(name);
  const telling = all.filter((part) => !empty.has(part));
  const parts = telling.length > 0 ? telling : all;
  if (parts.length === 0) return 0;
  const said = new Set(task.map(stem));
  return parts.filter((part) => said.has(stem(part))).length / parts.length;
}

/** True for a column that is named like a key; numbers of telephones, houses and places are shared by their nature. */
export function isNamedKey(name: string): boolean {
  const last = tokensOf(name).at(-1) ?? '';
  return keyWords.has(last) && !/phone|fax|mobile|zip|post|house|street/i.test(name);
}

const keyWords = new Set(['id', 'key', 'uuid', 'guid', 'code', 'number', 'nr', 'no', 'num', 'ref', 'sku', 'email']);

/** Parts of names that say nothing about what they name. */
const empty = new Set([
  'id',
  'name',
  'key',
  'the',
  'of',
  'tbl',
  'dim',
  'fact',
  'data',
  'csv',
  'parquet',
  'json',
  'raw',
  'stg',
]);

/** The most frequent values and patterns of a profile: one scan that groups by every column on its own. */
import type { Column } from './cells.ts';
import { quoted } from './identifiers.ts';
import { limits } from './limits.ts';
import { isText } from './profile-aggregates.ts';
import type { ProfiledDataset } from './profile-aggregates.ts';

/**
 * Rows (position of the column, top values as JSON, patterns as JSON), both by falling count, then by value. `distinct`
 * are the distinct counts of the columns: patterns of a column with very many values are taken from a part of them.
 */
export function valuesStatement(
  dataset: ProfiledDataset,
  columns: readonly Column[],
  distinct: readonly number[],
): string {
  const keys = columns.map((_, index) => `k${index}`);
  const texts = columns.map((column, index) => `${quoted(column.name)}::VARCHAR AS k${index}`);
  const patternFilters = columns.flatMap((column, index) => {
    const share = Math.ceil(distinct[index]! / limits.exactPatternValues);
    return isText(column) ? [`(g = ${index} AND hash(v) % ${Math.max(1, share)} = 0)`] : [];
  });
  const cut = `left(v, ${limits.profileTextChars})`;
  return `
    WITH source AS (SELECT ${texts.join(', ')} FROM ${quoted(dataset.name)}${sampleOf(dataset, columns)}),
    grouped AS MATERIALIZED (
      SELECT ${positionFrom(keys)} AS g, coalesce(${keys.join(', ')}) AS v, count(*) AS n
      FROM source GROUP BY GROUPING SETS (${keys.map((key) => `(${key})`).join(', ')})),
    top AS (
      SELECT g, min({c: -n, v: v}, ${limits.profileTopValues}) AS items
      FROM grouped WHERE v IS NOT NULL GROUP BY g),
    shaped AS (
      SELECT g, ${patternOf(cut)} AS p, sum(n)::BIGINT AS n, min(${cut}) AS e
      FROM grouped WHERE v IS NOT NULL AND (${patternFilters.join(' OR ') || 'false'}) GROUP BY ALL),
    patterns AS (SELECT g, min({c: -n, v: p, e: e}, ${limits.profilePatterns}) AS items FROM shaped GROUP BY g)
    SELECT g,
      to_json([json_array(left(i.v, ${limits.profileTextChars}), -i.c) FOR i IN top.items])::VARCHAR,
      coalesce(to_json([json_array(i.v, -i.c, i.e) FOR i IN patterns.items])::VARCHAR, '[]')
    FROM top LEFT JOIN patterns USING (g)`;
}

/** Digits become 9, runs of small letters a, runs of capital letters A: `12.0 Oz.` → `99.9 Aa.` */
function patternOf(text: string): string {
  const small = `regexp_replace(${text}, '\\p{Ll}+', 'a', 'g')`;
  const capital = `regexp_replace(${small}, '\\p{Lu}+', 'A', 'g')`;
  return `regexp_replace(${capital}, '[0-9]', '9', 'g')`;
}

/** GROUPING_ID has a 0 bit for the one column grouped by, the first column highest. */
function positionFrom(keys: readonly string[]): string {
  const all = (1n << BigInt(keys.length)) - 1n;
  const cases = keys.map((_, index) => `WHEN ${all - (1n << BigInt(keys.length - 1 - index))} THEN ${index}`);
  return `CASE GROUPING_ID(${keys.join(', ')}) ${cases.join(' ')} END`;
}

/** Chosen by what is in the row, so that the same data gives the same sample whatever the threads do. */
function sampleOf(dataset: ProfiledDataset, columns: readonly Column[]): string {
  const rows = dataset.rows ?? 0;
  if (rows <= limits.exactProfileRows) return '';
  const share = Math.ceil(rows / limits.profileSampleRows);
  return ` WHERE hash(${columns.map((column) => quoted(column.name)).join(', ')}) % ${share} = 0`;
}

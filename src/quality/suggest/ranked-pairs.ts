/** How often each value of a column stands beside each determinant, and which place it has there, as SQL. */
import { asText, identifier, thinned } from './sql-text.ts';
import type { Study } from './study.ts';

/** `WITH` parts; the last, `ranked`, has the keys, the value `v`, its count `n`, its `place`, and the group's `size` and `most`. */
export function rankedPairs({ dataset, rows }: Study, determinant: readonly string[], column: string): string {
  const keys = determinant.map((name, index) => `${asText(name)} AS k${index}`);
  const key = determinant.map((_, index) => `k${index}`).join(', ');
  const thin = thinned(rows, determinant.slice(0, 1));
  const conditions = [...determinant, column].map((name) => `${identifier(name)} IS NOT NULL`);
  const where = [...conditions, ...(thin === undefined ? [] : [thin])].join(' AND ');
  return (
    `WITH pairs AS (SELECT ${keys.join(', ')}, ${asText(column)} AS v, count(*) AS n FROM ${identifier(dataset)} WHERE ${where} GROUP BY ALL), ` +
    `overall AS (SELECT v, sum(n) AS total FROM pairs GROUP BY v), ` +
    `ranked AS (SELECT ${key}, pairs.v, n, row_number() OVER (PARTITION BY ${key} ORDER BY n DESC, total DESC, pairs.v) AS place, ` +
    `sum(n) OVER (PARTITION BY ${key}) AS size, max(n) OVER (PARTITION BY ${key}) AS most FROM pairs JOIN overall ON overall.v = pairs.v)`
  );
}

/** The table of the quality measurement, its forty checks, and the statement somebody who knows DuckDB writes for them. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Check } from '../src/quality/check.ts';
import type { Table } from '../src/quality/contract.ts';
import { duckdbDialect } from '../src/quality/duckdb-dialect.ts';
import type { JudgeContext } from '../src/quality/outcome.ts';

export const rows = 10_000_000;

/** Twenty columns: keys, numbers, codes, texts, days and moments, some of them with NULLs. */
export async function makeTable(connection: DuckDBConnection, file: string): Promise<void> {
  await connection.run(`COPY (SELECT
      i AS id,
      CAST(hash(i) % 100000 AS INTEGER) AS customer_id,
      CAST(hash(i, 1) % 500 AS SMALLINT) AS product_id,
      CAST(1 + hash(i, 2) % 9 AS TINYINT) AS quantity,
      CAST((hash(i, 3) % 100000) / 100.0 AS DECIMAL(12,2)) AS amount,
      CAST((hash(i, 4) % 1000) / 1000.0 AS DOUBLE) AS discount,
      CASE WHEN hash(i, 5) % 50 = 0 THEN NULL ELSE (hash(i, 5) % 10000) / 7.0 END AS weight,
      ['paid','open','sent','back'][1 + CAST(hash(i, 6) % 4 AS INTEGER)] AS status,
      ['DE','FR','US','JP','BR','IN'][1 + CAST(hash(i, 7) % 6 AS INTEGER)] AS country,
      ['EUR','USD','JPY'][1 + CAST(hash(i, 8) % 3 AS INTEGER)] AS currency,
      'c' || (hash(i, 9) % 100000) || '@example.org' AS email,
      'SKU-' || lpad(CAST(hash(i, 10) % 10000 AS VARCHAR), 4, '0') AS sku,
      CASE WHEN hash(i, 11) % 10 = 0 THEN NULL ELSE 'note ' || (hash(i, 11) % 1000) END AS note,
      hash(i, 12) % 2 = 0 AS is_new,
      DATE '2023-01-01' + CAST(hash(i, 13) % 365 AS INTEGER) AS ordered_on,
      TIMESTAMP '2024-01-01 00:00:00' + to_seconds(CAST(hash(i, 14) % 86000 AS INTEGER)) AS changed_at,
      CAST(hash(i, 15) % 5 AS INTEGER) AS rating,
      (hash(i, 16) % 18000) / 100.0 - 90 AS latitude,
      (hash(i, 17) % 36000) / 100.0 - 180 AS longitude,
      'b' || (hash(i, 18) % 50) AS branch
    FROM range(${rows}) t(i)) TO '${file}' (FORMAT parquet)`);
}

const none = { unit: 'rows', must: [{ kind: 'equal', value: '0' }] } as const;
const few = { unit: 'percent', must: [{ kind: 'less', value: '50' }] } as const;
const bounds = (low: string, high: string) => ({
  minimum: { value: low, exclusive: false },
  maximum: { value: high, exclusive: false },
});
const notNull = [
  'id',
  'customer_id',
  'product_id',
  'quantity',
  'amount',
  'status',
  'country',
  'currency',
  'email',
  'sku',
  'ordered_on',
  'changed_at',
];

type Rule = { readonly kind: Check['kind'] } & Partial<Record<string, unknown>>;

export function checksOf(): readonly Check[] {
  const rules: readonly Rule[] = [
    ...notNull.map((column) => ({ kind: 'nullValues', column, threshold: none }) as const),
    { kind: 'nullValues', column: 'weight', threshold: few },
    { kind: 'nullValues', column: 'note', threshold: few },
    { kind: 'range', of: 'number', column: 'id', ...bounds('0', '100000000'), threshold: none },
    { kind: 'range', of: 'number', column: 'quantity', ...bounds('1', '9'), threshold: none },
    { kind: 'range', of: 'number', column: 'amount', ...bounds('0', '1000'), threshold: none },
    { kind: 'range', of: 'number', column: 'discount', ...bounds('0', '1'), threshold: none },
    { kind: 'range', of: 'number', column: 'weight', ...bounds('0', '1500'), threshold: none },
    { kind: 'range', of: 'number', column: 'rating', ...bounds('0', '5'), threshold: none },
    { kind: 'range', of: 'number', column: 'latitude', ...bounds('-90', '90'), threshold: none },
    { kind: 'range', of: 'number', column: 'longitude', ...bounds('-180', '180'), threshold: none },
    { kind: 'range', of: 'date', column: 'ordered_on', ...bounds('2023-01-01', '2023-12-31'), threshold: none },
    {
      kind: 'acceptedValues',
      column: 'status',
      values: ['paid', 'open', 'sent', 'back'],
      refused: false,
      threshold: none,
    },
    { kind: 'acceptedValues', column: 'currency', values: ['EUR', 'USD', 'JPY'], refused: false, threshold: none },
    {
      kind: 'acceptedValues',
      column: 'country',
      values: ['DE', 'FR', 'US', 'JP', 'BR', 'IN'],
      refused: false,
      threshold: none,
    },
    { kind: 'pattern', column: 'sku', pattern: '^SKU-[0-9]{4}$', refused: false, threshold: none },
    { kind: 'pattern', column: 'email', pattern: '^[^@]+@[^@]+$', refused: false, threshold: none },
    { kind: 'length', column: 'note', minimum: 1, maximum: 20, threshold: none },
    { kind: 'length', column: 'branch', minimum: 2, maximum: 3, threshold: none },
    {
      kind: 'rowExpression',
      expression: 'changed_at >= ordered_on',
      columns: ['changed_at', 'ordered_on'],
      threshold: none,
    },
    { kind: 'duplicateValues', columns: ['id'], threshold: none },
    { kind: 'rowCount', must: [{ kind: 'greater', value: '1000' }] },
    {
      kind: 'aggregate',
      measure: { kind: 'average', column: 'amount' },
      must: [{ kind: 'between', low: '400', high: '600' }],
    },
    { kind: 'aggregate', measure: { kind: 'sum', column: 'quantity' }, must: [{ kind: 'greater', value: '0' }] },
    { kind: 'aggregate', measure: { kind: 'stddev', column: 'amount' }, must: [{ kind: 'greater', value: '0' }] },
    {
      kind: 'aggregate',
      measure: { kind: 'minimum', column: 'amount' },
      must: [{ kind: 'greaterOrEqual', value: '0' }],
    },
    {
      kind: 'aggregate',
      measure: { kind: 'maximum', column: 'amount' },
      must: [{ kind: 'lessOrEqual', value: '1000' }],
    },
    { kind: 'aggregate', measure: { kind: 'distinctCount', column: 'branch' }, must: [{ kind: 'equal', value: '50' }] },
    { kind: 'freshness', column: 'changed_at', must: [{ kind: 'less', value: '90000' }] },
  ];
  return rules.map((rule, index) => {
    const base = {
      id: `c${index}`,
      contract: 'bench',
      definitionHash: 'h',
      name: `${rule.kind} ${index}`,
      table: 'facts',
      severity: 'error',
      dimension: 'accuracy',
      tags: [],
      source: '',
    };
    return { ...base, ...rule } as unknown as Check;
  });
}

/** What each of the forty asks for, once, in the forms that DuckDB is quickest at. */
export const handWritten = `SELECT count(*),
  ${[...notNull, 'weight', 'note'].map((column) => `count(${column})`).join(', ')},
  count_if(id < 0 OR id > 100000000), count_if(quantity < 1 OR quantity > 9), count_if(amount < 0 OR amount > 1000),
  count_if(discount < 0 OR discount > 1), count_if(weight < 0 OR weight > 1500), count_if(rating < 0 OR rating > 5),
  count_if(latitude < -90 OR latitude > 90), count_if(longitude < -180 OR longitude > 180),
  count_if(ordered_on < DATE '2023-01-01' OR ordered_on > DATE '2023-12-31'),
  count_if(status NOT IN ('paid', 'open', 'sent', 'back')), count_if(currency NOT IN ('EUR', 'USD', 'JPY')),
  count_if(country NOT IN ('DE', 'FR', 'US', 'JP', 'BR', 'IN')),
  count_if(NOT regexp_full_match(sku, 'SKU-[0-9]{4}')), count_if(NOT regexp_full_match(email, '[^@]+@[^@]+')),
  count_if(length(note) NOT BETWEEN 1 AND 20), count_if(length(branch) NOT BETWEEN 2 AND 3),
  count_if(changed_at < ordered_on), count(DISTINCT id),
  avg(amount), sum(quantity), stddev(amount), min(amount), max(amount), count(DISTINCT branch), max(changed_at)
FROM facts`;

/** What the checks are judged by: a day at whose end the newest row is some hours old. */
export function judging(table: Table): JudgeContext {
  return {
    table,
    kindOf: (type: string) => duckdbDialect.kindOf(type),
    intervalEndMs: Date.UTC(2024, 0, 2),
    interval: '2024-01-01',
    earlier: [],
    columnsBefore: undefined,
  };
}

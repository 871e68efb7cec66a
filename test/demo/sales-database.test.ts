/** The demo's data: the same seed gives the same rows, and every planted fact is really in it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { DuckDBInstance } from '@duckdb/node-api';
import { dirtCount, planted } from '../../src/demo/planted.ts';
import { generateSalesDatabase } from '../../src/demo/sales-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'dpa-sales-'));
const customers = 50_000;

beforeAll(async () => {
  await generateSalesDatabase(folder, { seed: 1, customers });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the same seed gives the same bytes, another seed other data', async () => {
  const again = await generateSalesDatabase(join(folder, 'again'), { seed: 5, customers: 2000 });
  const twice = await generateSalesDatabase(join(folder, 'twice'), { seed: 5, customers: 2000 });
  const other = await generateSalesDatabase(join(folder, 'other'), { seed: 6, customers: 2000 });
  expect(twice.map(hashOf)).toEqual(again.map(hashOf));
  expect(hashOf(other[0]!)).not.toBe(hashOf(again[0]!));
});

test('dirt has the documented counts', async () => {
  const [row] = await rows(`SELECT
    (SELECT count(*) FROM (SELECT DISTINCT * FROM '${folder}/customers.csv') WHERE region = 'N/A') AS null_words,
    (SELECT count(*) FROM (SELECT DISTINCT * FROM '${folder}/customers.csv') WHERE TRY_CAST(signup_date AS DATE) IS NULL) AS dates,
    (SELECT count(*) - count(DISTINCT customer_id) FROM '${folder}/customers.csv') AS duplicates,
    (SELECT count(*) FROM '${folder}/subscriptions.parquet' WHERE monthly_amount < 0) AS negatives`);
  expect(row).toEqual({
    null_words: BigInt(dirtCount('nullWords', customers)),
    dates: BigInt(dirtCount('mistypedDates', customers)),
    duplicates: BigInt(dirtCount('duplicateIds', customers)),
    negatives: BigInt(dirtCount('negativeAmounts', customers)),
  });
});

test('December churn stands above the other months by what is planted', async () => {
  const [row] = await rows(`WITH months AS (
      SELECT unnest(range(DATE '${planted.firstDay}', DATE '${planted.asOf}', INTERVAL 1 MONTH))::DATE AS first),
    rates AS (SELECT month(first) AS m, count(*) AS n, count(*) FILTER (end_date < first + INTERVAL 1 MONTH) AS k
      FROM months, '${folder}/subscriptions.parquet' WHERE start_date < first AND (end_date IS NULL OR end_date >= first)
      GROUP BY first)
    SELECT (sum(k) FILTER (m = 12) / sum(n) FILTER (m = 12)) / (sum(k) FILTER (m <> 12) / sum(n) FILTER (m <> 12)) AS ratio FROM rates`);
  expect(Number(row?.['ratio'])).toBeGreaterThan(1.2);
  expect(Number(row?.['ratio'])).toBeLessThan(1.4);
});

test('no ticket and no usage lies outside the stay of its customer', async () => {
  const [row] = await rows(`SELECT
    (SELECT count(*) FROM '${folder}/support_tickets.ndjson' JOIN '${folder}/subscriptions.parquet' USING (customer_id)
      WHERE opened_at < start_date OR opened_at >= coalesce(end_date, DATE '${planted.asOf}')) AS tickets,
    (SELECT count(*) FROM '${folder}/usage_events.parquet' JOIN '${folder}/subscriptions.parquet' USING (customer_id)
      WHERE occurred_on < start_date OR occurred_on >= coalesce(end_date, DATE '${planted.asOf}')) AS events`);
  expect(row).toEqual({ tickets: 0n, events: 0n });
});

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(sql);
    const result = reader.getRowObjects();
    connection.closeSync();
    return result;
  } finally {
    instance.closeSync();
  }
}

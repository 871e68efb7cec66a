/** Where planted faults gather is found, for each kind of check about rows; chance gathers nothing. */
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { Ask, Cell } from '../../src/quality/ask.ts';
import type { Check } from '../../src/quality/check.ts';
import type { Column } from '../../src/quality/contract.ts';
import { duckdbDialect } from '../../src/quality/duckdb-dialect.ts';
import { segmentsOf } from '../../src/quality/segments.ts';
import type { SourceColumn } from '../../src/quality/dialect.ts';
import type { TableContext } from '../../src/quality/table-context.ts';
import { withLake } from '../support/lake-ask.ts';

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  // 8,000 rows of 40 days, 4 regions and 5 shops; `n` scatters, whatever the others are.
  await connection.run(`CREATE TABLE orders AS SELECT i AS id, i // 2 AS pair, CAST(hash(i) % 1000 AS INTEGER) AS n, CAST(hash(i, 1) % 5 AS INTEGER) AS shop,
    ['north', 'south', 'east', 'west'][1 + CAST(hash(i, 2) % 4 AS INTEGER)] AS region,
    TIMESTAMP '2024-03-01 00:00:00' + to_minutes(i * 7) AS moment, 'x' || i AS code, 1 AS amount FROM range(8000) t(i)`);
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

let asked = 0;
const ask: Ask = async (statement) => {
  asked += 1;
  const reader = await connection.runAndReadAll(statement);
  return { kind: 'rows', columns: [], rows: reader.getRowsJson() as Cell[][] };
};

/** The segments of a rule after `fault` was done to the orders. */
async function after(fault: string, rule: Partial<Check>, columns: readonly Partial<Column>[] = []) {
  asked = 0;
  await connection.run(`CREATE OR REPLACE TABLE broken AS SELECT * FROM orders`);
  await connection.run(fault);
  const described = (await connection.runAndReadAll('DESCRIBE broken')).getRows();
  const source: SourceColumn[] = described.map(([name, type]) => ({ name: String(name), type: String(type) }));
  const known = source.map(({ name }) => ({ name, physicalName: name, ...columns.find((one) => one.name === name) }));
  const table = { name: 'broken', physicalName: 'broken', columns: known as Column[], tags: [] };
  const customers = { table: { ...table, name: 'customers', columns: [] }, dataset: 'orders', columns: source };
  const others = new Map([['customers', customers]]);
  const context: TableContext = { table, dataset: 'broken', columns: source, dialect: duckdbDialect, others };
  return segmentsOf(context, rule as Check, {}, false, ask);
}

const positive: Partial<Check> = {
  kind: 'range',
  name: 'positive',
  column: 'amount',
  of: 'number',
  minimum: { value: '0', exclusive: false },
};

test('a value of a text column, and one of a column of few whole numbers', async () => {
  expect(await after(`UPDATE broken SET amount = -1 WHERE region = 'south' AND n < 300`, positive)).toMatchObject([
    { column: 'region', value: 'south', share: 1 },
  ]);
  expect(await after(`UPDATE broken SET amount = -1 WHERE shop = 3 AND n < 300`, positive)).toMatchObject([
    { column: 'shop', value: '3', share: 1 },
  ]);
  expect(asked).toBe(2);
});

test.each([
  ['hour', `moment >= '2024-03-05 07:00' AND moment < '2024-03-05 08:00'`, '2024-03-05T07:00'],
  ['day', `moment >= '2024-03-09' AND moment < '2024-03-10'`, '2024-03-09'],
  ['week', `moment >= '2024-03-11' AND moment < '2024-03-18'`, '2024-03-11'],
  ['month', `moment >= '2024-04-01'`, '2024-04-01'],
])('the %s that is broken', async (by, when, value) => {
  expect(await after(`UPDATE broken SET amount = -1 WHERE ${when}`, positive)).toMatchObject([
    { column: 'moment', by, value, share: 1 },
  ]);
});

test.each<[string, string, Partial<Check>]>([
  ['NULL', `UPDATE broken SET code = NULL WHERE region = 'east'`, { kind: 'nullValues', column: 'code' }],
  [
    'duplicates',
    `INSERT INTO broken SELECT * FROM orders WHERE region = 'east' AND n < 100`,
    { kind: 'duplicateValues', columns: ['id'] },
  ],
  [
    'a reference to nothing',
    `UPDATE broken SET code = 'none' WHERE region = 'east' AND n < 100`,
    { kind: 'foreignKey', columns: ['code'], to: { table: 'customers', columns: ['code'] } },
  ],
  [
    'a dependency',
    `UPDATE broken SET code = CASE WHEN region = 'east' AND n < 100 THEN 'odd' ELSE 'even' END`,
    { kind: 'functionalDependency', determinant: ['amount'], column: 'code' },
  ],
  [
    'an expression',
    `UPDATE broken SET amount = 0 WHERE region = 'east'`,
    { kind: 'rowExpression', expression: 'amount = 1', columns: ['amount'] },
  ],
])('%s', async (_, fault, rule) => {
  expect(await after(fault, { name: 'rule', ...rule })).toMatchObject([{ column: 'region', value: 'east', share: 1 }]);
});

test('what chance strews gathers nowhere, and a single row is no gathering', async () => {
  expect(await after(`UPDATE broken SET amount = -1 WHERE n < 100`, positive)).toEqual([]);
  expect(await after(`UPDATE broken SET amount = -1 WHERE id = 77`, positive)).toEqual([]);
  expect(await after(`UPDATE broken SET amount = -1`, positive)).toEqual([]);
});

test('keys and columns that the contract classifies are not looked at', async () => {
  const fault = `UPDATE broken SET amount = -1 WHERE region = 'south'`;
  const column = (name: string, more: Partial<Column>) => ({ name, physicalName: name, ...more });
  expect(await after(fault, positive, [column('region', { classification: 'confidential' })])).toEqual([]);
  expect(await after(fault, positive, [column('region', { unique: true })])).toEqual([]);
});

test('a filter holds for both: rows outside of it do not count', async () => {
  const rule = { ...positive, filter: `region <> 'west'` } as Check;
  const [segment] = await after(`UPDATE broken SET amount = -1 WHERE region IN ('south', 'west')`, rule);
  expect(segment).toMatchObject({ column: 'region', value: 'south', share: 1 });
  expect(segment!.rows).toBe(segment!.violating);
});

test('the file that is broken, of a table in several files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dpa-segments-'));
  try {
    await mkdir(join(folder, 'orders'));
    for (const month of ['01', '02', '03', '04']) {
      const amount = month === '03' ? '-1' : '1';
      const columns = `i AS id, CASE WHEN i % 5 = 0 THEN ${amount} ELSE 1 END AS amount`;
      await connection.run(
        `COPY (SELECT ${columns} FROM range(100) t(i)) TO '${join(folder, 'orders', `${month}.csv`)}'`,
      );
    }
    await withLake([folder], async (lake) => {
      const columns = await lake.columns('orders');
      const table = { name: 'orders', physicalName: 'orders', columns: [], tags: [] };
      const context = { table, dataset: 'orders', columns, dialect: duckdbDialect, others: new Map() };
      const segments = await segmentsOf(context, positive as Check, {}, true, lake.ask);
      const path = join(await realpath(folder), 'orders', '03.csv');
      expect(segments).toEqual([{ column: 'dpa_file', by: 'file', value: path, violating: 20, rows: 100, share: 1 }]);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

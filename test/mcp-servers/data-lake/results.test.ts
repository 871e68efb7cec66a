/** The result envelope: exact cells, honest limits, the same fingerprint for the same data. */
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { fingerprintOf, success } from '../../../src/mcp-servers/data-lake/envelope.ts';
import { nearestNames } from '../../../src/mcp-servers/data-lake/nearest.ts';
import { openLake } from './lake-fixture.ts';

test('every kind of value has one form', async () => {
  await using lake = await openLake({});
  const cases: readonly (readonly [expression: string, type: string, cell: unknown])[] = [
    ['1::TINYINT', 'TINYINT', 1],
    ['2147483647', 'INTEGER', 2147483647],
    ['9007199254740993', 'BIGINT', '9007199254740993'],
    ['170141183460469231731687303715884105727::HUGEINT', 'HUGEINT', '170141183460469231731687303715884105727'],
    ['12.340::DECIMAL(10,3)', 'DECIMAL(10,3)', '12.340'],
    ['0.1::DOUBLE', 'DOUBLE', 0.1],
    ["'NaN'::DOUBLE", 'DOUBLE', 'NaN'],
    ["'-Infinity'::DOUBLE", 'DOUBLE', '-Infinity'],
    ["''", 'VARCHAR', ''],
    ['NULL', 'INTEGER', null],
    ['true', 'BOOLEAN', true],
    ["DATE '2024-02-29'", 'DATE', '2024-02-29'],
    ["TIMESTAMP '2024-02-29 01:02:03.5'", 'TIMESTAMP', '2024-02-29 01:02:03.5'],
    ["TIMESTAMPTZ '2024-02-29 01:02:03+02'", 'TIMESTAMP WITH TIME ZONE', '2024-02-28 23:02:03+00'],
    ["TIME '01:02:03'", 'TIME', '01:02:03'],
    ['INTERVAL 3 DAY', 'INTERVAL', '3 days'],
    ["'550e8400-e29b-41d4-a716-446655440000'::UUID", 'UUID', '550e8400-e29b-41d4-a716-446655440000'],
    ["'\\x01\\xFF'::BLOB", 'BLOB', '0x01ff'],
    ['[1, NULL]', 'INTEGER[]', '[1,null]'],
    ["{'a': 1, 'b': DATE '2024-01-01'}", 'STRUCT("a" INTEGER, "b" DATE)', '{"a":1,"b":"2024-01-01"}'],
    ["MAP {'k': 2}", 'MAP(VARCHAR, INTEGER)', '[{"key":"k","value":2}]'],
  ];
  for (const [expression, type, cell] of cases) {
    const { data, error } = await lake.call('query', { sql: `SELECT ${expression} AS v` });
    expect([expression, error, data?.columns[0]?.type, data?.rows[0]?.[0]]).toEqual([
      expression,
      undefined,
      type,
      cell,
    ]);
  }
});

test('rows beyond the limit are cut and the result says so; exactly the limit is whole', async () => {
  await using lake = await openLake({});
  const cut = await lake.call('query', { sql: 'SELECT * FROM range(5)', max_rows: 4 });
  expect(cut.meta).toMatchObject({ returnedRows: 4, totalRows: null, truncated: true });
  expect(cut.meta?.truncation).toEqual([{ reason: 'rows', limit: 4 }]);
  const whole = await lake.call('query', { sql: 'SELECT * FROM range(5)', max_rows: 5 });
  expect(whole.meta).toMatchObject({ returnedRows: 5, totalRows: 5, truncated: false });
  const standard = await lake.call('query', { sql: 'SELECT * FROM range(100000)' });
  expect(standard.meta).toMatchObject({ returnedRows: 200, truncated: true });
});

test('bytes are limited, cells are shortened, both are said', async () => {
  await using lake = await openLake({});
  const wide = { sql: "SELECT repeat('x', 1000) AS v FROM range(1000)", max_rows: 10_000 };
  const { data, meta } = await lake.call('query', wide);
  expect(Buffer.byteLength(JSON.stringify(data?.rows))).toBeLessThanOrEqual(64 * 1024 + 2);
  expect(meta?.truncation).toEqual([{ reason: 'bytes', limit: 64 * 1024 }]);
  expect((await lake.call('query', { ...wide, max_bytes: 1024 * 1024 })).meta?.returnedRows).toBeGreaterThan(900);

  const long = await lake.call('query', { sql: "SELECT repeat('ä', 1500) AS a, repeat('x', 2048) AS b" });
  expect(long.data?.rows[0]).toEqual([`${'ä'.repeat(1024)}…`, 'x'.repeat(2048)]);
  expect(long.meta).toMatchObject({ truncated: true, totalRows: 1 });
  expect(long.meta?.truncation).toEqual([{ reason: 'cells', limit: 2048, cells: 1 }]);
});

test('no tool returns more than the hard limit of bytes', () => {
  const rows = Array.from({ length: 600 }, () => ['x'.repeat(2000)]);
  const data = { columns: [{ name: 'v', type: 'VARCHAR' }], rows };
  const { data: kept, meta } = success({ data, datasets: [], totalRows: 600 }, 0);
  expect(kept.rows).toHaveLength(Math.floor(1024 ** 2 / 2005));
  expect(meta).toMatchObject({ truncated: true, totalRows: 600, truncation: [{ reason: 'bytes', limit: 1024 ** 2 }] });
});

test('asOf is the newest file, bytesScanned the size of what was read', async () => {
  await using lake = await openLake({ 'a.csv': 'n\n1\n', 'b.csv': 'n\n22\n', 'c.csv': 'n\n333\n' });
  utimesSync(join(lake.folder, 'a.csv'), 1000, 1000);
  utimesSync(join(lake.folder, 'b.csv'), 2000, 2000);
  const { meta } = await lake.call('query', { sql: 'SELECT * FROM a UNION ALL SELECT * FROM b' });
  expect(meta).toMatchObject({ datasets: ['a', 'b'], asOf: '1970-01-01T00:33:20.000Z', bytesScanned: 9 });
  expect(meta).toMatchObject({ server: 'data-lake', classification: 'internal', redactions: [], sampling: null });
});

test('the fingerprint depends on the data and on nothing else', async () => {
  await using lake = await openLake({ 'a.csv': 'n\n1\n2\n' });
  const [first, second, other] = await Promise.all(
    ['SELECT n FROM a ORDER BY n', 'SELECT n FROM a WHERE true ORDER BY 1', 'SELECT n FROM a ORDER BY n DESC'].map(
      async (sql) => (await lake.call('query', { sql })).meta?.fingerprint,
    ),
  );
  expect(first).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(second).toBe(first);
  expect(other).not.toBe(first);
});

test('different tables have different fingerprints', () => {
  const cell = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const table = fc.record({
    columns: fc.array(fc.record({ name: fc.string(), type: fc.constantFrom('VARCHAR', 'BIGINT') })),
    rows: fc.array(fc.array(cell)),
  });
  fc.assert(
    fc.property(table, table, (a, b) => {
      expect(fingerprintOf(a) === fingerprintOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});

test('the nearest names come first, far ones not at all', () => {
  expect(nearestNames('custmer', ['orders', 'customer', 'customers'])).toEqual(['customer', 'customers']);
  expect(nearestNames('customer', ['dim_customer_history', 'cust'])).toEqual(['cust', 'dim_customer_history']);
  expect(nearestNames('xyz', ['orders', 'customers'])).toEqual([]);
});

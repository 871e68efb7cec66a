/** The conformance suite on DuckDB through the data-lake server's own engine limits: every rule and edge. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { Answer, Ask, Cell } from '../../../src/quality/ask.ts';
import type { SourceColumn } from '../../../src/quality/dialect.ts';
import { duckdbDialect } from '../../../src/quality/duckdb-dialect.ts';
import { conformanceCases, runCase, type Harness } from './conformance.ts';
import type { SmallTable, Storage } from './cases.ts';

const types: Readonly<Record<Storage, string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  decimal: 'DECIMAL(38,18)',
  float: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
};

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

const harness: Harness = {
  dialect: duckdbDialect,
  async load(name: string, { columns, rows }: SmallTable): Promise<readonly SourceColumn[]> {
    const defined = columns.map(([column, storage]) => `"${column}" ${types[storage]}`).join(', ');
    await connection.run(`CREATE OR REPLACE TABLE "${name}" (${defined})`);
    for (const row of rows) {
      const cells = row.map((cell) => (cell === null ? 'NULL' : `'${cell.replaceAll("'", "''")}'`)).join(', ');
      await connection.run(`INSERT INTO "${name}" VALUES (${cells})`);
    }
    return columns.map(([column, storage]) => ({ name: column, type: types[storage] }));
  },
  ask: (async (statement): Promise<Answer> => {
    // As the tool server does: nothing but reading.
    if (!/^\s*(SELECT|WITH|\()/i.test(statement)) return { kind: 'refused', reason: 'not a SELECT', aboutData: false };
    try {
      const reader = await connection.runAndReadAll(statement);
      const names = reader.columnNames().map((name, index) => ({ name, type: String(reader.columnTypes()[index]) }));
      return { kind: 'rows', columns: names, rows: reader.getRowsJson() as Cell[][] };
    } catch (error) {
      return { kind: 'refused', reason: (error as Error).message, aboutData: false };
    }
  }) satisfies Ask,
};

test('there are at least 300 cases', () => {
  expect(conformanceCases.length).toBeGreaterThanOrEqual(300);
});

test.each(conformanceCases)('$name', async (one) => {
  expect(await runCase(harness, one)).toEqual(one.expected);
});

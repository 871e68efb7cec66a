/** The conformance suite on DuckDB itself: every rule and edge. */
import type { Answer, Cell } from '../../../src/quality/ask.ts';
import { duckdbDialect } from '../../../src/quality/duckdb-dialect.ts';
import { conformanceCases, runCase, type Harness } from './conformance.ts';
import { openSmallTables, type SmallTables } from './small-tables.ts';

let tables: SmallTables;

beforeAll(async () => {
  tables = await openSmallTables();
});

afterAll(() => tables.close());

const harness: Harness = {
  dialect: duckdbDialect,
  load: async (name, table) => ({ dataset: name, columns: await tables.make(name, table) }),
  ask: async (statement): Promise<Answer> => {
    // As the tool server does: nothing but reading.
    if (!/^\s*(SELECT|WITH|\()/i.test(statement)) return { kind: 'refused', reason: 'not a SELECT', aboutData: false };
    try {
      const reader = await tables.connection.runAndReadAll(statement);
      const names = reader.columnNames().map((name, index) => ({ name, type: String(reader.columnTypes()[index]) }));
      return { kind: 'rows', columns: names, rows: reader.getRowsJson() as Cell[][] };
    } catch (error) {
      return { kind: 'refused', reason: (error as Error).message, aboutData: false };
    }
  },
};

test('there are at least 300 cases', () => {
  expect(conformanceCases.length).toBeGreaterThanOrEqual(300);
});

test.each(conformanceCases)('$name', async (one) => {
  expect(await runCase(harness, one)).toEqual(one.expected);
});

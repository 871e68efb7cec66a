/** The conformance suite on Parquet files through the data-lake server: its guard, its limits, its way to write cells. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdbDialect } from '../../../src/quality/duckdb-dialect.ts';
import { withLake } from '../../support/lake-ask.ts';
import type { SmallTable } from './cases.ts';
import { conformanceCases, runCase, type ConformanceCase } from './conformance.ts';
import { openSmallTables, type SmallTables } from './small-tables.ts';

/** Cases whose files are made before the server looks at them: each change of a file makes it open its engine anew. */
const casesAtOnce = 100;

let tables: SmallTables;

beforeAll(async () => {
  tables = await openSmallTables();
});

afterAll(() => tables.close());

/** Of the edges of one rule the first with each verdict: of the others the server is asked the same, and the engine has judged them all. */
const keys = conformanceCases.map(({ check, table, nights, other, expected }) =>
  JSON.stringify([check, table.columns, table.rows.length, nights, other, expected.verdict]),
);
const asked = conformanceCases.filter((_, index) => keys.indexOf(keys[index]!) === index);

const parts = Array.from({ length: Math.ceil(asked.length / casesAtOnce) }, (_, index) => index * casesAtOnce);

test.each(parts)(
  'the cases from number %d on are judged as the engine itself judges them',
  async (first) => {
    const cases = asked.slice(first, first + casesAtOnce);
    const folder = await mkdtemp(join(tmpdir(), 'dpa-conformance-'));
    try {
      const names = await writeFiles(folder, cases);
      await withLake([folder], async (lake) => {
        const load = async (_: string, table: SmallTable) => {
          const dataset = names.get(table)!;
          return { dataset, columns: await lake.columns(dataset) };
        };
        for (const one of cases) {
          const found = await runCase({ dialect: duckdbDialect, load, ask: lake.ask }, one);
          expect({ name: one.name, found }).toEqual({ name: one.name, found: one.expected });
        }
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  120_000,
);

/** The dataset that each table of the cases became. */
async function writeFiles(folder: string, cases: readonly ConformanceCase[]): Promise<ReadonlyMap<SmallTable, string>> {
  const all = cases.flatMap(({ table, other, nights: { before = [] } }) => [
    table,
    ...(other === undefined ? [] : [other]),
    ...before,
  ]);
  const names = new Map<SmallTable, string>();
  for (const table of all) {
    const name = `t${names.size}`;
    names.set(table, name);
    await tables.make(name, table);
    await tables.connection.run(`COPY "${name}" TO '${join(folder, `${name}.parquet`)}' (FORMAT parquet)`);
  }
  return names;
}

/** A second night after one of a hundred files changed, through planner, tool server and what is known of the files, against the first. */
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { incrementsFor } from '../src/activities/quality-increments.ts';
import type { Check } from '../src/quality/check.ts';
import type { Table } from '../src/quality/contract.ts';
import { duckdbDialect } from '../src/quality/duckdb-dialect.ts';
import { evaluateTable } from '../src/quality/evaluate.ts';
import type { Partials } from '../src/quality/increments.ts';
import { openConnections } from '../src/tools/connections.ts';
import { openQualitySource } from '../src/tools/quality-source.ts';
import { atMost, elapsedMs, median, type Measure, type Row } from './measure.ts';
import { dataLakeServer } from './data-lake-server.ts';
import { checksOf, judging, makeTable, rows } from './quality-checks.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

const files = 100;
const repeats = 5;

/** Numbers that no parts can say are asked of all rows again whenever one file changes. */
const ofAllRows = (check: Check): boolean =>
  check.kind === 'duplicateValues' ||
  (check.kind === 'aggregate' && ['stddev', 'distinctCount'].includes(check.measure.kind));

export const secondNight: Measure = {
  name: 'second-night',
  about: `ms of a second night when 1 of ${files} files changed, ${rows.toLocaleString('en')} rows × 20 columns of Parquet`,
  async run() {
    await using folder = await openTemporaryFolder();
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: '4096MiB', threads: '4' });
    const connection = await instance.connect();
    await makeFiles(connection, folder.path);
    await using connections = openConnections([dataLakeServer(folder.path)]);
    const all = checksOf();
    const merging = all.filter((check) => !ofAllRows(check));
    const measured: Row[] = [];
    for (const checks of [merging, all]) {
      const night = (known?: Partials) => checked(connections, folder.path, checks, known);
      // Files are in the page cache and the server has started before the first night counts.
      await night();
      const times = { first: [] as number[], second: [] as number[], unchanged: [] as number[] };
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        let known: Partials | undefined;
        times.first.push(await elapsedMs(async () => void (known = await night())));
        times.unchanged.push(await elapsedMs(async () => void (known = await night(known))));
        await makeFile(connection, folder.path, 10 * repeat);
        times.second.push(await elapsedMs(async () => void (known = await night(known))));
      }
      measured.push(...rowsOf(checks.length, times, checks === merging));
    }
    connection.closeSync();
    instance.closeSync();
    return measured;
  },
};

type Times = { readonly first: number[]; readonly second: number[]; readonly unchanged: number[] };

function rowsOf(checks: number, times: Times, isMerging: boolean): Row[] {
  const first = median(times.first);
  const rest = isMerging ? 'all of numbers that parts can say' : 'with key, distinct count and deviation';
  const row = (what: string, ours: number): Row => ({
    metric: `${what}, ${checks} checks`,
    unit: 'ms',
    baseline: first,
    against: 'the first night',
    ours,
    ratio: ours / first,
    ...(isMerging ? { target: atMost(0.05, 0.05) } : {}),
    note: rest,
  });
  return [
    row(`second night, 1 of ${files} files changed`, median(times.second)),
    row('second night, none changed', median(times.unchanged)),
  ];
}

async function checked(
  connections: ReturnType<typeof openConnections>,
  folder: string,
  checks: readonly Check[],
  known: Partials | undefined,
): Promise<Partials> {
  const source = await openQualitySource(connections, [folder], 'bench', new AbortController().signal);
  const columns = await source.columns('facts');
  if ('problem' in columns) throw new Error(columns.problem);
  const table: Table = { name: 'facts', physicalName: 'facts', columns: [], tags: [] };
  const context = { table, dataset: 'facts', columns, dialect: duckdbDialect, others: new Map() };
  const increments = await incrementsFor(source, context, known);
  const { results, partials } = await evaluateTable(context, checks, () => judging(table), source.ask, increments);
  const wrong = results.filter(({ verdict }) => verdict !== 'passed');
  if (wrong.length > 0) throw new Error(wrong.map(({ name, reason }) => `${name}: ${reason}`).join('\n'));
  return partials!;
}

async function makeFiles(connection: DuckDBConnection, folder: string): Promise<void> {
  // Not where the server looks.
  const whole = join(folder, '.whole');
  await makeTable(connection, whole);
  await mkdir(join(folder, 'facts'));
  await connection.run(`CREATE VIEW whole AS SELECT * FROM read_parquet('${whole}')`);
  for (let index = 0; index < files; index += 1) await makeFile(connection, folder, index);
}

async function makeFile(connection: DuckDBConnection, folder: string, index: number): Promise<void> {
  const part = rows / files;
  const path = join(folder, 'facts', `part-${String(index).padStart(3, '0')}.parquet`);
  await connection.run(
    `COPY (SELECT * FROM whole WHERE id >= ${index * part} AND id < ${(index + 1) * part}) TO '${path}' (FORMAT parquet)`,
  );
}

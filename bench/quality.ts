/** Forty checks over ten million rows through the planner and the tool, against the best statement written by hand for them. */
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { Table } from '../src/quality/contract.ts';
import { duckdbDialect } from '../src/quality/duckdb-dialect.ts';
import { evaluateTable } from '../src/quality/evaluate.ts';
import { openConnections } from '../src/tools/connections.ts';
import { openQualitySource } from '../src/tools/quality-source.ts';
import { peakOfDescendants, peakOfHandWritten } from './peak-memory.ts';
import { atLeast, atMost, elapsedMs, median, type Measure } from './measure.ts';
import { dataLakeServer } from './data-lake-server.ts';
import { checksOf, handWritten, judging, makeTable, rows } from './quality-checks.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

const repeats = 5;
const warmUps = 1;

export const quality: Measure = {
  name: 'quality',
  about: `ms for 40 checks over ${rows.toLocaleString('en')} rows × 20 columns of Parquet, against hand-written SQL`,
  async run() {
    await using folder = await openTemporaryFolder();
    const file = join(folder.path, 'facts.parquet');
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: '4096MiB', threads: '4' });
    const connection = await instance.connect();
    await makeTable(connection, file);
    await connection.run(`CREATE VIEW facts AS SELECT * FROM read_parquet('${file}')`);
    await using connections = openConnections([dataLakeServer(folder.path)]);
    const source = await openQualitySource(connections, [file], 'bench', new AbortController().signal);
    const columns = await source.columns('facts');
    if ('problem' in columns) throw new Error(columns.problem);
    const checks = checksOf();
    const table: Table = { name: 'facts', physicalName: 'facts', columns: [], tags: [] };
    const ours = async () => {
      const context = { table, dataset: 'facts', columns, dialect: duckdbDialect, others: new Map() };
      const { results } = await evaluateTable(context, checks, () => judging(table), source.ask);
      const wrong = results.filter(({ verdict }) => verdict !== 'passed');
      if (wrong.length > 0) throw new Error(wrong.map(({ name, reason }) => `${name}: ${reason}`).join('\n'));
    };
    const times = { hand: [] as number[], ours: [] as number[] };
    for (let repeat = 0; repeat < warmUps + repeats; repeat += 1) {
      const handMs = await elapsedMs(() => fastest(connection));
      const oursMs = await elapsedMs(ours);
      if (repeat < warmUps) continue;
      times.hand.push(handMs);
      times.ours.push(oursMs);
    }
    connection.closeSync();
    instance.closeSync();
    const peak = { ours: peakOfDescendants(), hand: await peakOfHandWritten(file) };
    const [handMs, oursMs] = [median(times.hand), median(times.ours)];
    return [
      {
        metric: `${checks.length} checks, 10 M rows × 20 columns`,
        unit: 'ms',
        baseline: handMs,
        against: 'one hand-written statement',
        ours: oursMs,
        ratio: handMs / oursMs,
        target: atLeast(0.85, 0.95),
        note: 'ratio of speeds; ours goes through the tool server and makes verdicts.',
      },
      {
        metric: 'peak memory of it',
        unit: 'MiB',
        baseline: peak.hand,
        against: 'a process that asks the hand-written statement',
        ours: peak.ours,
        ratio: peak.ours / peak.hand,
        target: atMost(1.2, 1.2),
        note: 'resident, the process of the tool server.',
      },
    ];
  },
};

async function fastest(connection: DuckDBConnection): Promise<void> {
  await connection.runAndReadAll(handWritten);
}

/** A query over a million rows through the data-lake tool, against the same SQL on DuckDB directly. */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openConnections } from '../src/tools/connections.ts';
import { atMost, elapsedMs, median, type Measure } from './measure.ts';
import { dataLakeServer } from './data-lake-server.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

const rows = 1_000_000;
const repeats = 15;
const warmUps = 3;
const sql = `SELECT region, plan, count(*) AS n, sum(amount) AS amount, avg(tickets) AS tickets,
  quantile_cont(amount, 0.5) AS median FROM sales GROUP BY ALL ORDER BY ALL`;

export const query: Measure = {
  name: 'query',
  about: `ms per query over ${rows} rows of Parquet through the tool, against DuckDB directly`,
  async run() {
    await using folder = await openTemporaryFolder();
    const file = join(folder.path, 'sales.parquet');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`COPY (SELECT 'region ' || (i % 12) AS region, 'plan ' || (hash(i) % 5) AS plan,
      (hash(i * 7) % 100000) / 100.0 AS amount, hash(i * 3) % 9 AS tickets FROM range(${rows}) t(i))
      TO '${file}' (FORMAT parquet)`);
    await connection.run(`CREATE VIEW sales AS SELECT * FROM read_parquet('${file}')`);
    await using connections = openConnections([dataLakeServer(folder.path)]);
    const { signal } = new AbortController();
    const call = (statement: string) =>
      connections.call({
        tool: 'data_lake__query',
        arguments: { sql: statement },
        dataPaths: [file],
        idempotencyKey: 'k',
        signal,
      });
    const direct: number[] = [];
    const ours: number[] = [];
    const small: number[] = [];
    for (let repeat = 0; repeat < warmUps + repeats; repeat += 1) {
      const directMs = await elapsedMs(async () => (await connection.runAndReadAll(sql)).getRowsJson());
      const oursMs = await elapsedMs(async () => {
        if (!(await call(sql)).ok) throw new Error('Expected the query to be answered; it was refused.');
      });
      const smallMs = await elapsedMs(() => call('SELECT count(*) AS n FROM sales'));
      if (repeat < warmUps) continue;
      direct.push(directMs);
      ours.push(oursMs);
      small.push(smallMs);
    }
    connection.closeSync();
    instance.closeSync();
    const [directMs, oursMs] = [median(direct), median(ours)];
    return [
      {
        metric: 'query, 1 M rows of Parquet',
        unit: 'ms',
        baseline: directMs,
        against: 'DuckDB directly',
        ours: oursMs,
        ratio: oursMs / directMs,
        target: atMost(1.5, 1.1),
        note: `of it the way through the tool: about ${median(small).toFixed(1)} ms (a query that reads no rows).`,
      },
    ];
  },
};

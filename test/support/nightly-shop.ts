/** Thirty nights of forty checks on one engine, without workflow and files: which checks each night finds broken anew. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { contractIn } from '../../src/contracts/read-contract.ts';
import { keyOf } from '../../src/quality/check-id.ts';
import type { Cell } from '../../src/quality/ask.ts';
import type { CheckResult } from '../../src/quality/check-result.ts';
import { columnsBefore } from '../../src/quality/columns-before.ts';
import type { Contract } from '../../src/quality/contract.ts';
import { duckdbDialect } from '../../src/quality/duckdb-dialect.ts';
import { evaluateTable } from '../../src/quality/evaluate.ts';
import { eventsAt, incidentsOf } from '../../src/quality/incidents.ts';
import { pointOf } from '../../src/quality/point-of-run.ts';
import { earlierOf, type HistoryPoint } from '../../src/quality/points.ts';
import type { RunDocument } from '../../src/quality/run.ts';
import { dayOf, makeNight, nights } from './nights.ts';

export type NightlyShop = {
  readonly connection: DuckDBConnection;
  readonly contract: Contract;
  close(): void;
};

const file = fileURLToPath(new URL('../quality/fixtures/nights.odcs.yaml', import.meta.url));

export async function openNightlyShop(): Promise<NightlyShop> {
  const read = contractIn(readFileSync(file, 'utf8'), file);
  if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  return {
    connection,
    contract: read.contract,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** The checks whose incident each night opened. */
export async function openedByNight(
  { connection, contract }: NightlyShop,
  seed: number,
): Promise<ReadonlyMap<number, readonly CheckResult[]>> {
  const history: HistoryPoint[] = [];
  const opened = new Map<number, readonly CheckResult[]>();
  for (let night = 1; night <= nights; night++) {
    const columns = await makeNight(connection, seed, night);
    const interval = dayOf(night);
    const [table] = contract.tables;
    const { results, distributions } = await evaluateTable(
      { table: table!, dataset: 'orders', columns, dialect: duckdbDialect, others: new Map() },
      contract.checks,
      (check) => ({
        table: table!,
        kindOf: (type) => duckdbDialect.kindOf(type),
        intervalEndMs: Date.parse(`${interval}T00:00:00Z`) + 86_400_000,
        interval,
        earlier: earlierOf(history, check, interval),
        columnsBefore: columnsBefore(history, check, interval),
      }),
      async (statement) => {
        const reader = await connection.runAndReadAll(statement);
        const names = reader.columnNames().map((name, index) => ({ name, type: String(reader.columnTypes()[index]) }));
        return { kind: 'rows', columns: names, rows: reader.getRowsJson() as Cell[][] };
      },
    );
    const tables = [
      { table: table!.name, contract: contract.id, columns, checks: results, statements: 1, elapsedMs: 0 },
    ];
    const document = { suite: 'nights', interval, runId: String(night), tables } as unknown as RunDocument;
    history.push(pointOf(document, distributions, 0));
    const news = eventsAt(incidentsOf('nights', history), interval).filter(({ kind }) => kind === 'opened');
    opened.set(
      night,
      news.map(({ incident }) => results.find((check) => keyOf(check) === incident.check)!),
    );
  }
  return opened;
}

/** Makes the cases' tables in an engine of this process: for the engine itself, or as files for a server. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
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

export type SmallTables = {
  readonly connection: DuckDBConnection;
  /** Replaces the table of this name. */
  make(name: string, table: SmallTable): Promise<readonly { readonly name: string; readonly type: string }[]>;
  close(): void;
};

export async function openSmallTables(): Promise<SmallTables> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  return {
    connection,
    async make(name, { columns, rows }) {
      const defined = columns.map(([column, storage]) => `"${column}" ${types[storage]}`).join(', ');
      await connection.run(`CREATE OR REPLACE TABLE "${name}" (${defined})`);
      const tuples = rows.map(
        (row) => `(${row.map((cell) => (cell === null ? 'NULL' : `'${cell.replaceAll("'", "''")}'`)).join(', ')})`,
      );
      if (tuples.length > 0) await connection.run(`INSERT INTO "${name}" VALUES ${tuples.join(', ')}`);
      return columns.map(([column, storage]) => ({ name: column, type: types[storage] }));
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Writes the demo's sales database into a folder: the same seed gives the same rows on every machine. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { salesFiles, salesTables, type SalesOptions } from './sales-sql.ts';

const formats: Readonly<Record<string, string>> = {
  '.csv': 'FORMAT csv, HEADER',
  '.json': 'FORMAT json, ARRAY true',
  '.ndjson': 'FORMAT json',
  '.parquet': 'FORMAT parquet, COMPRESSION zstd',
};

/** Creates the folder and its files; resolves to their paths. */
export async function generateSalesDatabase(folder: string, options: SalesOptions): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    for (const statement of salesTables(options)) await connection.run(statement);
    const paths: string[] = [];
    for (const [file, select] of Object.entries(salesFiles)) {
      const path = join(folder, file);
      const format = formats[file.slice(file.lastIndexOf('.'))];
      await connection.run(`COPY (${select}) TO '${path.replaceAll("'", "''")}' (${format})`);
      paths.push(path);
    }
    connection.closeSync();
    return paths;
  } finally {
    instance.closeSync();
  }
}

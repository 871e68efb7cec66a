/** Parquet: columns and row counts come from the footers, without a scan. */
import type { DataFile } from '../files.ts';
import type { Engine } from '../engine.ts';
import { literal } from '../identifiers.ts';
import { limits } from '../limits.ts';
import { ProblemError } from './head.ts';
import { basename } from 'node:path';

/** read_parquet over the files; columns that only some of them have are NULL in the others. */
export function parquetRelation(files: readonly DataFile[], isPartitioned: boolean, fileColumn = ''): string {
  const empty = files.find((file) => file.bytes === 0);
  if (empty) throw new ProblemError(`${basename(empty.path)} is empty (0 bytes).`);
  return `read_parquet(${listOf(files)}, union_by_name=${files.length > 1}, hive_partitioning=${isPartitioned}${fileColumn})`;
}

/** The sum of the row counts of the footers. */
export async function parquetRows(engine: Engine, files: readonly DataFile[]): Promise<string> {
  const rows = await engine.runAll(`SELECT sum(num_rows) FROM parquet_file_metadata(${listOf(files)})`, {
    timeoutMs: limits.prepareTimeoutMs,
  });
  return String(rows[0]![0]);
}

function listOf(files: readonly DataFile[]): string {
  return `[${files.map((file) => literal(file.path)).join(', ')}]`;
}

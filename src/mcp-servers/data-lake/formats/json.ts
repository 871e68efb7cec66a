/** JSON and newline-delimited JSON: finds the columns once, over the whole file while it is small enough. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Column } from '../cells.ts';
import type { DataFile } from '../files.ts';
import type { Engine } from '../engine.ts';
import { literal } from '../identifiers.ts';
import { limits } from '../limits.ts';
import { headOf, ProblemError, requireLineEnd } from './head.ts';

/** Makes read_json over some of the files, with the columns fixed by all of them. Throws a ProblemError or the engine's error. */
export async function jsonRelation(
  engine: Engine,
  files: readonly DataFile[],
  isPartitioned: boolean,
): Promise<(some: readonly DataFile[], fileColumn?: string) => string> {
  for (const file of files) await requireJson(file);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const sample = bytes <= limits.wholeFileSniffBytes ? -1 : limits.largeFileSniffRows;
  const basics = (some: readonly DataFile[]): string =>
    `[${some.map((file) => literal(file.path)).join(', ')}], maximum_object_size=${limits.maxJsonObjectBytes}, hive_partitioning=${isPartitioned}`;
  const described = await engine.runAll(
    `DESCRIBE SELECT * FROM read_json(${basics(files)}, sample_size=${sample}, union_by_name=true)`,
    { timeoutMs: limits.prepareTimeoutMs },
  );
  const columns: Column[] = described.map(([name, type]) => ({ name: String(name), type: String(type) }));
  // Without objects there is one column `json`, which cannot be asked for by name; the guess is then made again.
  if (columns.length === 1 && columns[0]!.name === 'json')
    return (some, fileColumn = '') => `read_json(${basics(some)}, sample_size=${sample}${fileColumn})`;
  const partitions = new Set(isPartitioned ? partitionKeys(files) : []);
  const own = columns.filter(({ name }) => !partitions.has(name));
  const typed = own.map(({ name, type }) => `${literal(name)}: ${literal(type)}`).join(', ');
  return (some, fileColumn = '') => `read_json(${basics(some)}, columns={${typed}}${fileColumn})`;
}

/** JSON starts with a bracket; text of one endless line is refused unless it is an array, which is read piece by piece. */
async function requireJson(file: DataFile): Promise<void> {
  const head = await headOf(file);
  const first = head.text.trimStart()[0];
  if (first !== '{' && first !== '[') {
    throw new ProblemError(
      `${basename(file.path)} is not JSON: it starts with ${JSON.stringify(first)}, not with { or [.`,
    );
  }
  if (first === '{') requireLineEnd(head, file);
  // The engine takes an array that was cut off for a whole one, and its missing rows would never be noticed.
  if (first === '[' && !file.path.endsWith('.gz') && (await lastCharacter(file)) !== ']') {
    throw new ProblemError(
      `Not valid JSON: ${basename(file.path)} starts with [ and does not end with ], so its end is missing.`,
    );
  }
}

/** Spaces and line ends after the last bracket that are looked past, in bytes. */
const tailBytes = 4096;

async function lastCharacter({ path, bytes }: DataFile): Promise<string | undefined> {
  await using file = await open(path, 'r');
  const start = Math.max(0, bytes - tailBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(tailBytes), 0, tailBytes, start);
  return buffer.toString('utf8', 0, bytesRead).trimEnd().at(-1);
}

function partitionKeys(files: readonly DataFile[]): string[] {
  return files.flatMap((file) =>
    [...file.path.matchAll(/[/\\]([^/\\=]+)=[^/\\]*(?=[/\\])/g)].map((match) => match[1]!),
  );
}

/** One data file: its format by name, its real path, and whether it may be read at all. */
import { accessSync, constants, lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, sep } from 'node:path';
import { errorCodeOf } from './json.ts';

export type Format = 'csv' | 'json' | 'parquet';

/** `path` is the real path, which is the only one the engine may open. */
export type DataFile = { readonly path: string; readonly bytes: number; readonly modifiedMs: number };

export type FileResult =
  { readonly kind: 'file'; readonly file: DataFile } | { readonly kind: 'problem'; readonly problem: string };

const suffixes: readonly (readonly [RegExp, Format])[] = [
  [/\.(csv|tsv)(\.gz)?$/i, 'csv'],
  [/\.(json|ndjson|jsonl)(\.gz)?$/i, 'json'],
  [/\.(parquet|pq)$/i, 'parquet'],
];

export function formatOf(path: string): Format | undefined {
  return suffixes.find(([suffix]) => suffix.test(path))?.[1];
}

/** The name without the ending that tells the format. */
export function stemOf(name: string): string {
  const suffix = suffixes.find(([pattern]) => pattern.test(name))?.[0];
  return suffix ? name.replace(suffix, '') : name;
}

/** A symbolic link may lead anywhere when the user named it; found inside a folder, it must not lead out of `within`. */
export function fileAt(path: string, within: string | undefined): FileResult {
  const name = basename(path);
  if (!formatOf(path)) return { kind: 'problem', problem: `${name} is not a CSV, JSON or Parquet file by its name.` };
  try {
    const real = realpathSync(path);
    if (within !== undefined && lstatSync(path).isSymbolicLink() && !real.startsWith(realpathSync(within) + sep)) {
      return { kind: 'problem', problem: `${name} is a symbolic link out of the allowed folder; it is not followed.` };
    }
    const stat = statSync(real);
    if (!stat.isFile()) return { kind: 'problem', problem: `${name} is not a regular file.` };
    accessSync(real, constants.R_OK);
    return { kind: 'file', file: { path: real, bytes: stat.size, modifiedMs: stat.mtimeMs } };
  } catch (error) {
    return { kind: 'problem', problem: `${name} cannot be read: ${reasonFor(errorCodeOf(error))}.` };
  }
}

function reasonFor(code: string | undefined): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENOENT':
      return 'it is a link to nothing, or was removed';
    case 'ELOOP':
      return 'its symbolic links go round in a circle';
    default:
      return code ?? 'unknown error';
  }
}

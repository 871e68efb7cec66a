/** The paths given with --data: made absolute and looked at before anything is started. */
import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { CommandError, exitCode } from '../command-error.ts';

export const dataFile = /\.(csv|tsv|json|ndjson|jsonl|parquet)(\.gz)?$/i;

/** How deep a folder is looked through for data files. */
const maxDepth = 4;

/** Absolute paths and patterns; rejects with a `CommandError` that names the one that is wrong. */
export async function checkedDataPaths(paths: readonly string[], workingFolder: string): Promise<string[]> {
  return Promise.all(paths.map((path) => checkedPath(path, isAbsolute(path) ? path : resolve(workingFolder, path))));
}

async function checkedPath(given: string, path: string): Promise<string> {
  if (given.trim() === '') throw wrong('Expected a file, folder or pattern after --data, found an empty word.');
  const entry = await stat(path).catch(() => undefined);
  if (entry === undefined) return checkedPattern(given, path);
  if (entry.isDirectory()) {
    await readable(given, path, constants.R_OK | constants.X_OK);
    const found = await glob('**/*', { cwd: path, deep: maxDepth });
    if (!found.some((name) => dataFile.test(name))) {
      throw wrong(
        `Expected CSV, JSON, NDJSON or Parquet files in the folder ${given}, found none. Point --data at the files.`,
      );
    }
    return path;
  }
  if (!entry.isFile())
    throw wrong(`Expected a file or folder at ${given}, found neither. Point --data at a data file.`);
  if (entry.size === 0) throw wrong(`Expected data in ${given}, found an empty file. Check how it was written.`);
  if (!dataFile.test(path))
    throw wrong(`Expected a .csv, .tsv, .json, .ndjson or .parquet file, found ${given}. Convert or rename it.`);
  await readable(given, path, constants.R_OK);
  return path;
}

async function checkedPattern(given: string, path: string): Promise<string> {
  if (!isDynamicPattern(path))
    throw wrong(`Expected a file or folder at ${given}, found nothing there. Check the path.`);
  const found = await glob(path, { absolute: true, deep: maxDepth + path.split('/').length });
  if (!found.some((name) => dataFile.test(name)))
    throw wrong(`Expected data files that match ${given}, found none. Check the pattern.`);
  return path;
}

async function readable(given: string, path: string, mode: number): Promise<void> {
  try {
    await access(path, mode);
    if ((mode & constants.X_OK) === 0) await (await open(path, 'r')).close();
  } catch (cause) {
    throw wrong(
      `Expected to be able to read ${given}, found: ${cause instanceof Error ? cause.message : String(cause)}. Give read permission.`,
    );
  }
}

function wrong(message: string): CommandError {
  return new CommandError(message, exitCode.usage);
}

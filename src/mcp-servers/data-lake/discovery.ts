/** Finds the datasets behind the configured paths: which files belong to which, and which path leads nowhere. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { globSync, isDynamicPattern } from 'tinyglobby';
import { fileAt, formatOf, stemOf } from './files.ts';
import type { DataFile, Format } from './files.ts';
import { uniqueNames } from './identifiers.ts';
import { errorCodeOf } from './json.ts';
import { limits } from './limits.ts';

export type Dataset = {
  readonly name: string;
  /** `none`: a path that leads to no data; it is listed so that nobody has to guess why data is missing. */
  readonly format: Format | 'none';
  readonly files: readonly DataFile[];
  /** Folders named `key=value` below the dataset become columns. */
  readonly isPartitioned: boolean;
  /** One sentence when it cannot be read, known before any byte was read. */
  readonly problem: string | null;
};

type Draft = Omit<Dataset, 'name'> & { readonly stem: string };

/** Sorted by the paths of the files, so that names and order never depend on the order of the arguments. */
export function discover(paths: readonly string[]): Dataset[] {
  const drafts = new Map(paths.flatMap(draftsAt).map((draft) => [keyOf(draft), draft]));
  const sorted = [...drafts.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const kept = sorted.slice(0, limits.maxDatasets);
  if (kept.length < sorted.length) {
    const problem = `Only ${kept.length} of ${sorted.length} datasets are listed here; name fewer files.`;
    kept.push(nothing('more_datasets', problem));
  }
  const names = uniqueNames(kept);
  return kept.map(({ stem: _stem, ...rest }, index) => ({ name: names[index]!, ...rest }));
}

function keyOf(draft: Draft): string {
  return draft.files.length > 0 ? draft.files.map((file) => file.path).join('\n') : `~${draft.stem}\n${draft.problem}`;
}

function nothing(stem: string, problem: string): Draft {
  return { stem, format: 'none', files: [], isPartitioned: false, problem };
}

function draftsAt(path: string): Draft[] {
  const absolute = resolve(path);
  const name = basename(absolute);
  try {
    const stat = statSync(absolute, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      const found = draftsInFolder(absolute);
      return found.length > 0 ? found : [nothing(name, `The folder ${name} holds no CSV, JSON or Parquet file.`)];
    }
    if (stat) return [draftOfFile(absolute, undefined)];
    return isDynamicPattern(path) ? draftsOfGlob(path) : [nothing(stemOf(name), `There is no file or folder ${name}.`)];
  } catch (error) {
    return [nothing(stemOf(name), `${name} cannot be opened (${errorCodeOf(error) ?? 'unknown error'}).`)];
  }
}

function draftsOfGlob(pattern: string): Draft[] {
  const name = basename(pattern);
  const matches = globSync(pattern, { absolute: true, onlyFiles: true, followSymbolicLinks: false }).sort();
  if (matches.length === 0) return [nothing(name, `No file matches the pattern ${name}.`)];
  return matches.slice(0, limits.maxFiles).map((match) => draftOfFile(match, dirname(match)));
}

/** Each data file directly in the folder is a dataset; each sub-folder with data files is one dataset per format. */
function draftsInFolder(folder: string): Draft[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.name.startsWith('.'));
  const isPartitioned = entries.some((entry) => entry.isDirectory() && entry.name.includes('='));
  if (isPartitioned) return draftsOfTree(folder);
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return draftsOfTree(path);
    return formatOf(entry.name) ? [draftOfFile(path, folder)] : [];
  });
}

/** All data files below a folder as one dataset (two when it holds two formats). */
function draftsOfTree(folder: string): Draft[] {
  const matches = globSync('**/*', { cwd: folder, absolute: true, onlyFiles: true, followSymbolicLinks: false }).sort();
  const paths = matches.filter((match) => formatOf(match));
  const formats = [...new Set(paths.map((path) => formatOf(path)))].filter((format) => format !== undefined);
  return formats.map((format) => {
    const found = paths.filter((path) => formatOf(path) === format).map((path) => fileAt(path, folder));
    const tooMany = found.length > limits.maxFiles ? `More than ${limits.maxFiles} files; name fewer of them.` : null;
    const files = found.flatMap((result) => (result.kind === 'file' ? [result.file] : []));
    return {
      stem: basename(folder),
      format,
      files,
      isPartitioned: paths.some((path) => /[/\\][^/\\=]+=/.test(path.slice(folder.length))),
      problem: tooMany ?? found.find((result) => result.kind === 'problem')?.problem ?? null,
    };
  });
}

function draftOfFile(path: string, within: string | undefined): Draft {
  const result = fileAt(path, within);
  const format = formatOf(path) ?? 'none';
  const stem = stemOf(basename(path));
  if (result.kind === 'problem') return { ...nothing(stem, result.problem), format };
  return { stem, format, files: [result.file], isPartitioned: false, problem: null };
}

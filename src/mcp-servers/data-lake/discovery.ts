/** Finds the files behind the configured paths; says which dataset each belongs to. */
import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { escapePath, globSync, isDynamicPattern } from 'tinyglobby';
import { uniqueNames } from './identifiers.ts';
import { limits } from './limits.ts';

export type Format = 'csv' | 'json' | 'parquet';

/** `path` is the real path, which is the only one the engine may open. */
export type DataFile = { readonly path: string; readonly bytes: number; readonly modifiedMs: number };

export type Dataset = {
  readonly name: string;
  readonly format: Format;
  readonly files: readonly DataFile[];
  /** Folders named `key=value` below the dataset become columns. */
  readonly isPartitioned: boolean;
  /** One sentence when it cannot be read, known before any byte was read. */
  readonly problem: string | null;
};

/** `notes` are sentences about paths that led to no data. */
export type Discovery = { readonly datasets: readonly Dataset[]; readonly notes: readonly string[] };

type Draft = Omit<Dataset, 'name'> & { readonly stem: string };

const suffixes: readonly (readonly [RegExp, Format])[] = [
  [/\.(csv|tsv|txt\.csv)(\.gz)?$/i, 'csv'],
  [/\.(json|ndjson|jsonl)(\.gz)?$/i, 'json'],
  [/\.(parquet|pq)$/i, 'parquet'],
];

export function discover(paths: readonly string[]): Discovery {
  const notes: string[] = [];
  const drafts = new Map<string, Draft>();
  for (const path of paths) {
    const found = draftsAt(path, notes);
    for (const draft of found) drafts.set(keyOf(draft), draft);
  }
  const sorted = [...drafts.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const kept = sorted.slice(0, limits.maxDatasets);
  if (kept.length < sorted.length) {
    notes.push(`Only ${kept.length} of ${sorted.length} datasets are listed; name fewer files.`);
  }
  const names = uniqueNames(kept);
  const datasets = kept.map(({ stem: _stem, ...rest }, index) => ({ name: names[index]!, ...rest }));
  return { datasets, notes };
}

function keyOf(draft: Draft): string {
  return draft.files.map((file) => file.path).join('\n');
}

function draftsAt(path: string, notes: string[]): Draft[] {
  const absolute = resolve(path);
  const stat = statSync(absolute, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    const found = draftsInFolder(absolute, notes);
    if (found.length === 0) notes.push(`The folder ${basename(absolute)} holds no CSV, JSON or Parquet file.`);
    return found;
  }
  if (stat) return draftOfFile(absolute, undefined, notes);
  if (isDynamicPattern(path)) return draftsOfGlob(path, notes);
  notes.push(`There is no file or folder ${basename(absolute)}.`);
  return [];
}

function draftsOfGlob(pattern: string, notes: string[]): Draft[] {
  const matches = globSync(pattern, { absolute: true, onlyFiles: true, followSymbolicLinks: false }).sort();
  if (matches.length === 0) notes.push(`No file matches the pattern ${pattern}.`);
  return matches.slice(0, limits.maxFiles).flatMap((match) => draftOfFile(match, dirname(match), notes));
}

/** Each data file directly in the folder is a dataset; each sub-folder with data files is one dataset per format. */
function draftsInFolder(folder: string, notes: string[]): Draft[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.name.startsWith('.'));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return draftsOfSubfolder(path, notes);
    return formatOf(entry.name) ? draftOfFile(path, folder, notes) : [];
  });
}

function draftsOfSubfolder(folder: string, notes: string[]): Draft[] {
  const matches = globSync('**/*', { cwd: folder, absolute: true, onlyFiles: true, followSymbolicLinks: false }).sort();
  const files = matches.filter((match) => formatOf(match)).slice(0, limits.maxFiles);
  const formats = [...new Set(files.map((file) => formatOf(file)!))];
  return formats.map((format) => {
    const drafts = files
      .filter((file) => formatOf(file) === format)
      .flatMap((file) => draftOfFile(file, folder, notes));
    const isPartitioned = drafts.some((draft) =>
      /[/\\][^/\\=]+=[^/\\]*[/\\]/.test(sep + relative(dirname(folder), draft.files[0]!.path)),
    );
    const problem = drafts.find((draft) => draft.problem !== null)?.problem ?? null;
    return { stem: basename(folder), format, files: drafts.flatMap((draft) => draft.files), isPartitioned, problem };
  });
}

/** A symlink may lead anywhere when the user named it; inside a folder it must not lead out of the folder. */
function draftOfFile(path: string, within: string | undefined, notes: string[]): Draft[] {
  const format = formatOf(path);
  if (!format) {
    notes.push(`${basename(path)} is not a CSV, JSON or Parquet file (by its name).`);
    return [];
  }
  const stem = basename(path).replace(suffixes.find(([suffix]) => suffix.test(path))![0], '');
  const draft = (file: DataFile, problem: string | null) => [
    { stem, format, files: [file], isPartitioned: false, problem },
  ];
  const missing = { path, bytes: 0, modifiedMs: 0 };
  try {
    const real = realpathSync(path);
    if (within !== undefined && lstatSync(path).isSymbolicLink() && !real.startsWith(realpathSync(within) + sep)) {
      return draft(missing, `${basename(path)} is a symbolic link that leaves the allowed folder; it is not followed.`);
    }
    const stat = statSync(real);
    if (!stat.isFile()) return draft(missing, `${basename(path)} is not a regular file.`);
    return draft({ path: real, bytes: stat.size, modifiedMs: stat.mtimeMs }, null);
  } catch (error) {
    return draft(missing, `${basename(path)} cannot be opened: ${(error as NodeJS.ErrnoException).code ?? 'error'}.`);
  }
}

function formatOf(path: string): Format | undefined {
  return suffixes.find(([suffix]) => suffix.test(path))?.[1];
}

/** A path as a glob that matches only itself, for callers that build patterns from folders. */
export const patternFor = escapePath;

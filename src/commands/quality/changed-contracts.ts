/** Which contracts of a suite a change concerns: those whose file changed, and those whose data did. */
import { realpathSync } from 'node:fs';
import { matchesGlob, relative, sep } from 'node:path';
import { isDynamicPattern } from 'tinyglobby';
import type { Contract } from '../../quality/contract.ts';
import { dataFile } from '../../contracts/data-paths.ts';
import { named } from '../../quality/datasets.ts';
import type { Suite } from '../../quality/run.ts';
import type { QualityData } from '../../contracts/suite-data.ts';

export type Project = {
  /** Absolute. The folder of the repository. */
  readonly root: string;
  /** Paths that changed, from the root, with slashes. */
  readonly changed: readonly string[];
};

/**
 * Their ids. Data that belongs to no table by its name may be any table's, so it concerns all contracts; data outside
 * of the repository has no changes that anybody could know of.
 */
export function changedContracts(
  suite: Suite,
  { paths, aliases }: QualityData,
  suiteFile: string | undefined,
  project: Project,
): readonly string[] {
  const { root, changed } = project;
  const all = suite.contracts.map(({ id }) => id);
  if (suiteFile !== undefined && changed.includes(inside(root, suiteFile))) return all;
  const concerned = new Set(suite.contracts.filter(isRewritten).map(({ id }) => id));
  const tables = suite.contracts.flatMap(({ tables: described }) => described);
  for (const [path, file] of paths.flatMap((one) => changedData(root, one, changed))) {
    const names = datasetNames(path, file).map((name) => ({ name }));
    const changedTables = tables
      .filter(
        ({ name, physicalName }) => aliasCovers(name, file) || [physicalName, name].some((one) => named(one, names)),
      )
      .map(({ name }) => name);
    if (changedTables.length === 0) return all;
    for (const contract of suite.contracts) {
      if (changedTables.some((table) => reads(contract, table))) concerned.add(contract.id);
    }
  }
  return all.filter((id) => concerned.has(id));

  function isRewritten({ written }: Contract): boolean {
    return written !== undefined && changed.includes(written.file);
  }

  function aliasCovers(table: string, file: string): boolean {
    const alias = aliases[table];
    return alias !== undefined && changedData(root, alias, [file]).length > 0;
  }
}

/** It describes the table, or its checks look at it: at keys, at sums, or in SQL of their own. */
function reads({ tables, checks }: Contract, table: string): boolean {
  return tables.some(({ name }) => name === table) || checks.some((check) => JSON.stringify(check).includes(table));
}

/** The changed files at or below one path of the data, each with that path as seen from the root. */
function changedData(root: string, path: string, changed: readonly string[]): (readonly [string, string])[] {
  const places = [...new Set([inside(root, path), inside(real(root), real(path))])];
  return places.flatMap((place) =>
    changed.filter((file) => isWithin(file, place)).map((file): readonly [string, string] => [place, file]),
  );
}

/** Hidden folders are no data, as for the tool server. */
function isWithin(file: string, place: string): boolean {
  if (!dataFile.test(file) || /(^|\/)\./.test(file.slice(place.length))) return false;
  if (file === place || place === '' || file.startsWith(`${place}/`)) return true;
  return isDynamicPattern(place) && matchesGlob(file, place);
}

/** What the tool server may call the dataset of this file: the file's own name, or that of a folder around it. */
function datasetNames(place: string, file: string): string[] {
  const folders = file.split('/');
  const name = folders.pop() ?? '';
  const above = isDynamicPattern(place) ? folders.length : place.split('/').length - 1;
  return [name.replace(/\.(csv|tsv|json|ndjson|jsonl|parquet|pq)(\.gz)?$/i, ''), ...folders.slice(above)];
}

function inside(root: string, path: string): string {
  return relative(root, path).replaceAll(sep, '/');
}

/** Data that was deleted, and patterns, stay as they are named. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

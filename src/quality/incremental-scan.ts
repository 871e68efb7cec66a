/** The scan of a table of which most files are known: the others are read, file by file in one statement, and put together with what is known. */
import type { Ask, Cell } from './ask.ts';
import { isLasting, type Increments, type Partials } from './increments.ts';
import { merged } from './merge.ts';
import { aggregatesOf, scansOver } from './plan.ts';
import type { PlannedCheck } from './plan.ts';
import type { Count, Merge } from './prepared-check.ts';
import type { TableContext } from './table-context.ts';

/** The source's name for the file of a row. */
export const fileColumn = 'dpa_file';

/** Files of one statement: their numbers must fit into one answer. */
const filesAtOnce = 500;
const maxBytes = 1024 * 1024;

export type FileNumbers = {
  /** By the aggregate's SQL; those that need all rows at once are missing. */
  readonly values: ReadonlyMap<string, Cell>;
  readonly partials: Pick<Partials, 'aggregates' | 'files'>;
  /** Files that were read now. */
  readonly read: number;
};

/** Undefined where it gains nothing, or where the engine would not have it: the table is then scanned as a whole. */
export async function numbersByFile(
  context: TableContext,
  planned: readonly PlannedCheck[],
  { files, known, basis, hash }: Increments,
  ask: Ask,
): Promise<FileNumbers | undefined> {
  const merges = new Map([...mergesOf(planned)].filter(([sql]) => isLasting(sql)));
  // One file that has changed is read as a whole anyway.
  if (files.length < 2 || merges.size === 0) return undefined;
  const sqls = [...merges.keys()];
  const aggregates = sqls.map(hash);
  const ofFile = new Map<string, readonly Cell[] | null>();
  if (known?.basis === basis && aggregates.every((one) => known.aggregates.includes(one))) {
    const places = aggregates.map((one) => known.aggregates.indexOf(one));
    for (const { path, identity } of files) {
      const before = known.files[path];
      if (before?.identity === identity)
        ofFile.set(path, before.cells === null ? null : places.map((place) => before.cells?.[place] ?? null));
    }
  }
  const fresh = files.filter(({ path }) => !ofFile.has(path)).map(({ path }) => path);
  for (let from = 0; from < fresh.length; from += filesAtOnce) {
    const read = await readFiles(context, sqls, fresh.slice(from, from + filesAtOnce), ask);
    if (read === undefined) return undefined;
    for (const [path, cells] of read) ofFile.set(path, cells);
  }
  const values = together(sqls, merges, [...ofFile.values()]);
  if (values === undefined) return undefined;
  addRatios(planned, values);
  const kept = files.map(({ path, identity }) => [path, { identity, cells: ofFile.get(path) ?? null }] as const);
  return { values, partials: { aggregates, files: Object.fromEntries(kept) }, read: fresh.length };
}

/** How each aggregate of the checks is put together; for a ratio those of its parts. */
function mergesOf(planned: readonly PlannedCheck[]): ReadonlyMap<string, Merge> {
  const merges = new Map<string, Merge>();
  const add = ({ plus, minus }: Count): void => {
    merges.set(plus, 'add');
    if (minus !== undefined) merges.set(minus, 'add');
  };
  for (const one of planned) {
    if (one.kind === 'columns' || one.kind === 'impossible') continue;
    merges.set(one.rows, 'add');
    if (one.kind === 'counted') {
      // How many distinct values there are no sum of parts can say.
      add(one.check.kind === 'duplicateValues' ? { plus: one.evaluated.plus } : one.evaluated);
      if (one.check.kind !== 'duplicateValues') add(one.violating);
    } else if (one.kind === 'measured' && one.parts?.kind === 'merged') merges.set(one.value, one.parts.by);
    else if (one.kind === 'measured' && one.parts?.kind === 'ratio') {
      add(one.parts.over);
      merges.set(one.parts.under, 'add');
    }
  }
  return merges;
}

/** The numbers of each file, null for one without rows. */
async function readFiles(
  context: TableContext,
  sqls: readonly string[],
  only: readonly string[],
  ask: Ask,
): Promise<ReadonlyMap<string, readonly Cell[] | null> | undefined> {
  const found = new Map<string, Cell[] | null>(only.map((path) => [path, null]));
  for (const { statement, columns } of scansOver(context, sqls, context.dialect.identifier(fileColumn))) {
    const answer = await ask(statement, {
      maxRows: only.length,
      maxBytes,
      purpose: `${columns.length} aggregates of ${only.length} files`,
      files: { dataset: context.dataset, only },
    });
    if (answer.kind === 'refused' || answer.truncated === true) return undefined;
    for (const [path, ...cells] of answer.rows) found.set(String(path), [...(found.get(String(path)) ?? []), ...cells]);
  }
  return found.size === only.length ? found : undefined;
}

function together(
  sqls: readonly string[],
  merges: ReadonlyMap<string, Merge>,
  files: readonly (readonly Cell[] | null)[],
): Map<string, Cell> | undefined {
  const parts = files.filter((cells) => cells !== null);
  const values = new Map<string, Cell>();
  for (const [index, sql] of sqls.entries()) {
    const value = merged(
      parts.map((cells) => cells[index] ?? null),
      merges.get(sql)!,
    );
    if (value === undefined) return undefined;
    // A count of no rows is 0, where a sum of none is NULL.
    values.set(sql, value === null && /^count/i.test(sql) ? '0' : value);
  }
  return values;
}

function addRatios(planned: readonly PlannedCheck[], values: Map<string, Cell>): void {
  for (const one of planned) {
    if (one.kind !== 'measured' || one.parts?.kind !== 'ratio') continue;
    const { factor, over, under } = one.parts;
    const terms = [over.plus, ...(over.minus === undefined ? [] : [over.minus]), under];
    if (!terms.every((term) => values.has(term))) continue;
    const [plus = 0, minus] = terms.slice(0, -1).map((term) => Number(values.get(term) ?? 0));
    const below = Number(values.get(under) ?? 0);
    values.set(one.value, below === 0 ? null : (factor * (plus - (minus ?? 0))) / below);
  }
}

/** Aggregates that are still to be asked for, of the whole table. */
export function missingFrom(planned: readonly PlannedCheck[], values: ReadonlyMap<string, Cell>): readonly string[] {
  return [...new Set(planned.flatMap(aggregatesOf))].filter((sql) => !values.has(sql));
}

/** Makes one dataset ready to be queried: its view, its columns, its row count, or the sentence that says why not. */
import type { Column } from './cells.ts';
import type { Dataset } from './discovery.ts';
import type { Engine } from './engine.ts';
import type { DataFile } from './files.ts';
import { ToolError } from './errors.ts';
import { csvRelation, csvShape } from './formats/csv.ts';
import type { CsvShape } from './formats/csv.ts';
import { ProblemError } from './formats/head.ts';
import { jsonRelation } from './formats/json.ts';
import { parquetRelation, parquetRows } from './formats/parquet.ts';
import { literal, quoted } from './identifiers.ts';
import { limits } from './limits.ts';

export type PreparedDataset = {
  readonly name: string;
  readonly dataset: Dataset;
  readonly columns: readonly Column[];
  /** Null when it cannot be read. */
  readonly rows: number | null;
  readonly problem: string | null;
  readonly bytes: number;
  readonly newestMs: number;
  /** The SELECT that reads these of its files only, all columns as in the whole dataset; `fileColumn` names the file of each row. */
  readonly select: (files: readonly DataFile[], fileColumn: string) => string;
};

/** Never throws for a fault of the files: that is what `problem` is for. */
export async function prepare(engine: Engine, dataset: Dataset): Promise<PreparedDataset> {
  const basics = {
    name: dataset.name,
    dataset,
    bytes: dataset.files.reduce((sum, file) => sum + file.bytes, 0),
    newestMs: Math.max(0, ...dataset.files.map((file) => file.modifiedMs)),
  };
  const broken = (problem: string) => ({ ...basics, columns: [], rows: null, problem, select: () => '' });
  if (dataset.problem !== null) return broken(dataset.problem);
  const options = { timeoutMs: limits.prepareTimeoutMs };
  try {
    const relation = await relationOf(engine, dataset);
    await engine.run(`CREATE VIEW ${quoted(dataset.name)} AS ${relation(dataset.files)}`, options);
    const described = await engine.runAll(`DESCRIBE ${quoted(dataset.name)}`, options);
    const columns = described.map(([name, type]) => ({ name: String(name), type: String(type) }));
    const select = (files: readonly DataFile[], fileColumn: string): string =>
      `${relation(files, `, filename=${literal(fileColumn)}`)} UNION ALL BY NAME SELECT ${columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quoted(name)}`).join(', ')} WHERE false`;
    return { ...basics, columns, rows: Number(await rowsOf(engine, dataset)), problem: null, select };
  } catch (error) {
    await engine.run(`DROP VIEW IF EXISTS ${quoted(dataset.name)}`, options);
    if (error instanceof ProblemError) return broken(error.message);
    if (error instanceof ToolError) return broken(sentenceFrom(error, dataset));
    throw error;
  }
}

/** Makes the SELECT over some of the files; what all of them show about columns and dialect is found out once. */
async function relationOf(
  engine: Engine,
  dataset: Dataset,
): Promise<(files: readonly DataFile[], fileColumn?: string) => string> {
  const { files, format, isPartitioned } = dataset;
  if (format === 'parquet')
    return (some, fileColumn) => `SELECT * FROM ${parquetRelation(some, isPartitioned, fileColumn)}`;
  if (format === 'json') {
    const relation = await jsonRelation(engine, files, isPartitioned);
    return (some, fileColumn) => `SELECT * FROM ${relation(some, fileColumn)}`;
  }
  const groups = await csvGroups(engine, files);
  return (some, fileColumn) =>
    groups
      .map((group) => ({ ...group, files: group.files.filter((file) => some.includes(file)) }))
      .filter((group) => group.files.length > 0)
      .map((group) => `SELECT * FROM ${csvRelation(group.files, group.shape, isPartitioned, fileColumn)}`)
      .join(' UNION ALL BY NAME ');
}

/** Files of one shape are read together; a column that has several types in several files becomes the wider one. */
async function csvGroups(engine: Engine, files: readonly DataFile[]) {
  const shapes: { readonly file: DataFile; readonly shape: CsvShape }[] = [];
  for (const file of files) shapes.push({ file, shape: await csvShape(engine, file) });
  const types = new Map<string, string>();
  for (const { name, type } of shapes.flatMap(({ shape }) => shape.columns)) {
    types.set(name, widerType(types.get(name) ?? type, type));
  }
  const groups = new Map<string, { files: DataFile[]; shape: CsvShape }>();
  for (const { file, shape } of shapes) {
    const columns = shape.columns.map(({ name }) => ({ name, type: types.get(name)! }));
    const key = JSON.stringify([columns, shape.dialect]);
    const group = groups.get(key) ?? { files: [], shape: { columns, dialect: shape.dialect } };
    group.files.push(file);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function widerType(a: string, b: string): string {
  if (a === b) return a;
  const numeric = ['BIGINT', 'DOUBLE'];
  return numeric.includes(a) && numeric.includes(b) ? 'DOUBLE' : 'VARCHAR';
}

/** Reading every cell is the only way to know that no line of a text file is broken. */
async function rowsOf(engine: Engine, dataset: Dataset): Promise<string> {
  if (dataset.format === 'parquet') return parquetRows(engine, dataset.files);
  const [row] = await engine.runAll(`SELECT count(*) FROM ${quoted(dataset.name)}`, {
    timeoutMs: limits.prepareTimeoutMs,
  });
  return String(row![0]);
}

const maxProblemChars = 300;

const formatNames = { csv: 'CSV', json: 'JSON', parquet: 'Parquet', none: 'data' } as const;

/** The engine's message as one sentence: without its kind, without the offending lines, without advice. */
function sentenceFrom(error: ToolError, dataset: Dataset): string {
  const what = error.message
    .replace(/^[A-Z][A-Za-z ]+ Error: /, '')
    .replace(/\n+LINE \d+:[\s\S]*$/, '')
    .replace(/CSV Error on Line: (\d+)\s+/, 'line $1: ')
    .replace(
      /This can happen when[\s\S]*$/,
      'Its lines may end in different ways, or quotes stand where they must not.',
    )
    .replace(/\s*\n\s*/g, ' ')
    .trim();
  const short = what.length > maxProblemChars ? `${what.slice(0, maxProblemChars)}…` : what;
  return `Not valid ${formatNames[dataset.format]}: ${/[.…!]$/.test(short) ? short : `${short}.`}`;
}

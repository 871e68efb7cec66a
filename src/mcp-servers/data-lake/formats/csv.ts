/** CSV: finds dialect and types of a file once, so that queries neither guess again nor lose a cell. */
import type { Engine } from '../engine.ts';
import { literal, quoted } from '../identifiers.ts';
import { limits } from '../limits.ts';
import { firstRecord, headOf, requireLineEnd } from './head.ts';
import type { DataFile } from '../discovery.ts';

export type CsvColumn = { readonly name: string; readonly type: string };

export type CsvShape = {
  readonly columns: readonly CsvColumn[];
  /** Everything about reading the file but its columns, as arguments of read_csv. */
  readonly dialect: string;
};

/** Throws a ProblemError or the engine's error when the file is not a CSV that can be read without loss. */
export async function csvShape(engine: Engine, file: DataFile): Promise<CsvShape> {
  const head = await headOf(file);
  requireLineEnd(head, file);
  const delimiter = delimiterOf(head.text, file.path);
  const sample = file.bytes <= limits.wholeFileSniffBytes ? -1 : limits.largeFileSniffRows;
  const basics = `auto_detect=true, delim=${literal(delimiter)}, quote='"', escape='"', skip=0, comment='', sample_size=${sample}`;
  const header = hasHeader(firstRecord(head.text, delimiter));
  let sniffed: readonly (readonly unknown[])[];
  try {
    sniffed = await engine.runAll(
      `SELECT to_json(Columns), DateFormat, TimestampFormat, HasHeader FROM sniff_csv(${literal(file.path)}, ${basics}, header=${header})`,
      { timeoutMs: limits.prepareTimeoutMs },
    );
  } catch (error) {
    await explain(engine, file, delimiter, firstRecord(head.text, delimiter).length);
    throw error;
  }
  const [columnsJson, dateFormat, timestampFormat] = sniffed[0] as [string, string | null, string | null];
  const columns = JSON.parse(columnsJson) as CsvColumn[];
  const formats = [
    dateFormat ? `, dateformat=${literal(dateFormat)}` : '',
    timestampFormat ? `, timestampformat=${literal(timestampFormat)}` : '',
  ].join('');
  const dialect = `auto_detect=false, delim=${literal(delimiter)}, quote='"', escape='"', skip=0, comment='', header=${header}${formats}`;
  return { columns: await withoutLossyTypes(engine, file, dialect, columns), dialect };
}

/** read_csv over files that share dialect and columns. */
export function csvRelation(files: readonly DataFile[], shape: CsvShape, isPartitioned: boolean): string {
  const list = files.map((file) => literal(file.path)).join(', ');
  const columns = shape.columns.map(({ name, type }) => `${literal(name)}: ${literal(type)}`).join(', ');
  return `read_csv([${list}], ${shape.dialect}, columns={${columns}}, hive_partitioning=${isPartitioned})`;
}

/** The character that splits the first line into most fields; a comma when nothing splits it. */
function delimiterOf(text: string, path: string): string {
  if (/\.tsv(\.gz)?$/i.test(path)) return '\t';
  const candidates = [',', ';', '\t', '|'].map((delimiter) => ({
    delimiter,
    fields: firstRecord(text, delimiter).length,
  }));
  return candidates.reduce((best, candidate) => (candidate.fields > best.fields ? candidate : best)).delimiter;
}

/** A first line is data only when a cell of it could not be a name: a number, a date, or nothing beside other cells. */
function hasHeader(cells: readonly string[]): boolean {
  return !cells.some((cell) => /^\s*[-+]?[\d.,]*\d%?\s*$|^\s*\d{4}-\d\d-\d\d/.test(cell));
}

/**
 * Numbers of 16 digits and more do not survive as doubles, and codes such as 007 not as integers (the engine itself
 * keeps those as text): such columns are read as text.
 */
async function withoutLossyTypes(engine: Engine, file: DataFile, dialect: string, columns: readonly CsvColumn[]) {
  const doubles = columns.filter(({ type }) => type === 'DOUBLE');
  if (doubles.length === 0) return columns;
  const asText = { columns: columns.map(({ name }) => ({ name, type: 'VARCHAR' })), dialect };
  const tests = doubles.map(
    ({ name }) => `coalesce(bool_or(regexp_matches(${quoted(name)}, '^\\s*[-+]?[0-9]{16,}\\s*$')), false)`,
  );
  const [row] = await engine.runAll(`SELECT ${tests.join(', ')} FROM ${csvRelation([file], asText, false)}`, {
    timeoutMs: limits.prepareTimeoutMs,
  });
  const lossy = new Set(doubles.filter((_, index) => row![index] === true).map(({ name }) => name));
  return columns.map((column) => (lossy.has(column.name) ? { ...column, type: 'VARCHAR' } : column));
}

/** The sniffer only says that nothing fits; reading with the dialect fixed names the line. Throws that error. */
async function explain(engine: Engine, file: DataFile, delimiter: string, width: number): Promise<void> {
  const columns = Array.from({ length: width }, (_, index) => ({ name: `c${index}`, type: 'VARCHAR' }));
  const dialect = `auto_detect=false, delim=${literal(delimiter)}, quote='"', escape='"', skip=0, comment='', header=true`;
  await engine.runAll(`SELECT count(COLUMNS(*)) FROM ${csvRelation([file], { columns, dialect }, false)}`, {
    timeoutMs: limits.prepareTimeoutMs,
  });
}

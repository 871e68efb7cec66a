/** CSV: finds dialect and types of a file once, so that queries neither guess again nor lose a cell. */
import * as z from 'zod';
import type { Cell, Column } from '../cells.ts';
import type { Engine } from '../engine.ts';
import type { DataFile } from '../files.ts';
import { literal, quoted } from '../identifiers.ts';
import { limits } from '../limits.ts';
import { firstRecord, headOf, requireLineEnd } from './head.ts';

export type CsvShape = {
  readonly columns: readonly Column[];
  /** Everything about reading the file but its columns, as arguments of read_csv. */
  readonly dialect: string;
};

/**
 * Throws a ProblemError or the engine's error when the file cannot be read without loss. The delimiter comes from the
 * first line and not from the engine's sniffer, which makes one wide column, or skips rows, where lines are ragged.
 */
export async function csvShape(engine: Engine, file: DataFile): Promise<CsvShape> {
  const head = await headOf(file);
  requireLineEnd(head, file);
  const delimiter = delimiterOf(head.text, file.path);
  const first = firstRecord(head.text, delimiter);
  const base = `delim=${literal(delimiter)}, skip=0, comment='', header=${hasHeader(first)}`;
  // Quotes inside quotes are doubled by the standard; many programs write a backslash before them instead.
  const dialects = [`${base}, quote='"', escape='"'`, `${base}, quote='"', escape='\\'`];
  for (const dialect of dialects) {
    const shape = await sniff(engine, file, dialect).catch(() => undefined);
    if (shape) return shape;
  }
  // The sniffer only says that nothing fits; reading with all fixed fails with the line and the reason.
  const columns = first.map((_, index) => ({ name: `c${index}`, type: 'VARCHAR' }));
  const strict = { columns, dialect: `auto_detect=false, ${dialects[0]}` };
  await engine.runAll(`SELECT count(COLUMNS(*)) FROM ${csvRelation([file], strict, false)}`, prepareOptions);
  return sniff(engine, file, dialects[0]!);
}

/** read_csv over files that share dialect and columns. */
export function csvRelation(
  files: readonly DataFile[],
  shape: CsvShape,
  isPartitioned: boolean,
  fileColumn = '',
): string {
  const list = files.map((file) => literal(file.path)).join(', ');
  const columns = shape.columns.map(({ name, type }) => `${literal(name)}: ${literal(type)}`).join(', ');
  return `read_csv([${list}], ${shape.dialect}, columns={${columns}}, hive_partitioning=${isPartitioned}${fileColumn})`;
}

const prepareOptions = { timeoutMs: limits.prepareTimeoutMs };

const columnsSchema = z.array(z.object({ name: z.string(), type: z.string() }));

async function sniff(engine: Engine, file: DataFile, dialect: string): Promise<CsvShape> {
  const sample = file.bytes <= limits.wholeFileSniffBytes ? -1 : limits.largeFileSniffRows;
  const [row = []] = await engine.runAll(
    `SELECT to_json(Columns), DateFormat, TimestampFormat
     FROM sniff_csv(${literal(file.path)}, ${dialect}, sample_size=${sample})`,
    prepareOptions,
  );
  const columns = columnsSchema.parse(JSON.parse(String(row[0])));
  const formats = option('dateformat', row[1]) + option('timestampformat', row[2]);
  const fixed = `auto_detect=false, ${dialect}${formats}`;
  return { columns: await withoutLossyTypes(engine, file, fixed, columns), dialect: fixed };
}

function option(name: string, value: Cell | undefined): string {
  return typeof value === 'string' && value !== '' ? `, ${name}=${literal(value)}` : '';
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

/** A first line is data only when a cell of it could not be a name: a number or a date. */
function hasHeader(cells: readonly string[]): boolean {
  return !cells.some((cell) => /^\s*[-+]?[\d.,]*\d%?\s*$|^\s*\d{4}-\d\d-\d\d/.test(cell));
}

/**
 * Whole numbers of 16 digits and more do not survive as doubles: such columns (identifiers, mostly) are read as text.
 * The engine itself keeps codes with leading zeros as text.
 */
async function withoutLossyTypes(engine: Engine, file: DataFile, dialect: string, columns: readonly Column[]) {
  const doubles = columns.filter(({ type }) => type === 'DOUBLE');
  if (doubles.length === 0) return columns;
  const asText = { columns: columns.map(({ name }) => ({ name, type: 'VARCHAR' })), dialect };
  const tests = doubles.map(({ name }) => `bool_or(regexp_full_match(${quoted(name)}, '\\s*[-+]?[0-9]{16,}\\s*'))`);
  const [row = []] = await engine.runAll(
    `SELECT ${tests.join(', ')} FROM ${csvRelation([file], asText, false)}`,
    prepareOptions,
  );
  const lossy = new Set(doubles.filter((_, index) => row[index] === true).map(({ name }) => name));
  return columns.map((column) => (lossy.has(column.name) ? { ...column, type: 'VARCHAR' } : column));
}

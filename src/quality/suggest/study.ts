/** What a suggestion knows of a table: rows, and per column its type, how full it is, and its values with how often each stands there. */
import type { Ask, Cell } from '../ask.ts';
import { asText, identifier } from './sql-text.ts';

export interface Study {
  readonly dataset: string;
  readonly rows: number;
  readonly columns: readonly ColumnStudy[];
}

export interface ColumnStudy {
  readonly name: string;
  /** As the engine names it. */
  readonly type: string;
  readonly isText: boolean;
  readonly nulls: number;
  readonly filled: number;
  readonly distinct: number;
  readonly minimum: string | null;
  readonly maximum: string | null;
  readonly shortest: number;
  readonly longest: number;
  /** The most frequent first; all of them when `complete`. */
  readonly values: readonly ValueCount[];
  readonly complete: boolean;
}

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** Columns studied of one table; of more, the first. */
export const MAX_COLUMNS = 200;
/** Values of a column looked at one by one. */
const MAX_VALUES = 3_000;
/** Longer values are looked at by their beginning. */
const MAX_VALUE_CHARACTERS = 300;
const MAX_RESULT_BYTES = 512 * 1024;
const COLUMNS_PER_STATEMENT = 25;

export interface SourceColumnName {
  readonly name: string;
  readonly type: string;
}

/** Throws a plain sentence when the data refuses a statement. */
export async function study(ask: Ask, dataset: string, columns: readonly SourceColumnName[]): Promise<Study> {
  const looked = columns.slice(0, MAX_COLUMNS);
  const table = identifier(dataset);
  const facts: Cell[][] = [];
  let rows = 0;
  for (let first = 0; first < looked.length; first += COLUMNS_PER_STATEMENT) {
    const part = looked.slice(first, first + COLUMNS_PER_STATEMENT);
    const [row = []] = await rowsOf(ask, `SELECT count(*), ${part.map(factsOf).join(', ')} FROM ${table}`, 1);
    rows = Number(row[0]);
    part.forEach((_, index) => facts.push(row.slice(1 + index * FACTS, 1 + (index + 1) * FACTS)));
  }
  const studied: ColumnStudy[] = [];
  for (const [index, column] of looked.entries()) {
    const [filled, distinct, minimum, maximum, shortest, longest] = facts[index] ?? [];
    const values = await valuesOf(ask, table, column.name);
    studied.push({
      ...column,
      isText: /^VARCHAR/i.test(column.type),
      nulls: rows - Number(filled),
      filled: Number(filled),
      distinct: Number(distinct),
      minimum: textOrNull(minimum),
      maximum: textOrNull(maximum),
      shortest: Number(shortest ?? 0),
      longest: Number(longest ?? 0),
      values,
      complete: values.length === Number(distinct),
    });
  }
  return { dataset, rows, columns: studied };
}

const FACTS = 6;

function factsOf({ name, type }: SourceColumnName): string {
  const column = identifier(name);
  const text = asText(name);
  const ordered = /^(?:STRUCT|MAP|UNION)|\[\d*\]$/i.test(type) ? text : column;
  return [
    `count(${column})`,
    `count(DISTINCT ${text})`,
    `CAST(min(${ordered}) AS VARCHAR)`,
    `CAST(max(${ordered}) AS VARCHAR)`,
    `min(length(${text}))`,
    `max(length(${text}))`,
  ].join(', ');
}

async function valuesOf(ask: Ask, table: string, name: string): Promise<ValueCount[]> {
  const value = `substr(${asText(name)}, 1, ${MAX_VALUE_CHARACTERS})`;
  const statement =
    `SELECT ${value} AS value, count(*) AS n FROM ${table} WHERE ${identifier(name)} IS NOT NULL ` +
    `GROUP BY 1 ORDER BY n DESC, value LIMIT ${MAX_VALUES}`;
  const rows = await rowsOf(ask, statement, MAX_VALUES);
  return rows.map(([text, count]) => ({ value: String(text), count: Number(count) }));
}

export async function rowsOf(
  ask: Ask,
  statement: string,
  maxRows: number,
  purpose = 'what the data looks like, to propose a contract',
): Promise<readonly (readonly Cell[])[]> {
  const answer = await ask(statement, { maxRows, maxBytes: MAX_RESULT_BYTES, purpose });
  if (answer.kind === 'refused') throw new Error(answer.reason);
  return answer.rows;
}

function textOrNull(cell: Cell | undefined): string | null {
  return cell === undefined || cell === null ? null : String(cell);
}

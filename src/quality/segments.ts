/** Where the rows behind a failure gather: the values of other columns, and the times, that hold more of them than their share. */
import type { Ask, Cell } from './ask.ts';
import { chanceOfGathering } from './chance.ts';
import type { Check } from './check.ts';
import { columnsOf } from './check-columns.ts';
import type { CheckResult, Segment } from './check-result.ts';
import type { Period } from './dialect.ts';
import { fileColumn } from './incremental-scan.ts';
import { sourceColumn, where } from './table-context.ts';
import type { TableContext } from './table-context.ts';
import { isShown } from './shown-columns.ts';
import { violatingRows } from './violating-rows.ts';

/** Columns looked at: each is counted over the violating rows. */
const maxColumns = 12;
const maxMomentColumns = 3;

/** A segment is worth naming when it holds this share of the violating rows, and twice its share of all rows. */
const leastShare = 0.5;
const leastLift = 2;

/** And when chance would not have made one like it in one of so many columns. */
const mostByChance = 0.01;

const maxSegments = 3;

/** Of one column no more can hold half of the rows. */
const valuesOfDimension = 2;

/** What rows are divided by: a column's values, or the periods its moments lie in. */
type Dimension = { readonly column: string; readonly by?: Period | 'file'; readonly sql: string };

/**
 * Two statements: what the violating rows have in common, then how common that is; empty where nothing stands out.
 * `violatingPercent` of the rows: when that is most of them, no part of the table can hold many more than the others.
 * `inFiles`: the table is made of several files, which are parts of it too.
 */
export async function segmentsOf(
  context: TableContext,
  check: Check,
  { violatingPercent = 0 }: Pick<CheckResult, 'violatingPercent'>,
  inFiles: boolean,
  ask: Ask,
): Promise<readonly Segment[]> {
  if (violatingPercent > 100 / leastLift) return [];
  const dimensions = dimensionsOf(context, check, inFiles);
  const purpose = `where they gather: ${check.name}`;
  const options = { purpose, ...(inFiles ? { files: { dataset: context.dataset } } : {}) };
  const statement = commonValues(context, check, dimensions);
  if (statement === undefined) return [];
  const answer = await ask(statement, { ...options, maxRows: 1 + dimensions.length * valuesOfDimension });
  if (answer.kind === 'refused') return [];
  const counts = answer.rows.map(([place, value, rows]) => ({
    dimension: dimensions[Number(place)],
    value: textOf(value),
    violating: Number(rows),
  }));
  const all = counts.find(({ dimension }) => dimension === undefined)?.violating ?? 0;
  const common = counts.flatMap(({ dimension, value, violating }) =>
    dimension !== undefined && violating >= leastShare * all ? [{ dimension, value, violating }] : [],
  );
  if (common.length === 0) return [];
  const everywhere = await ask(howCommon(context, check, common), { ...options, maxRows: 1 });
  if (everywhere.kind === 'refused') return [];
  const [total = 0, ...numbers] = (everywhere.rows[0] ?? []).map(Number);
  const segments = common.flatMap(({ dimension: { column, by }, value, violating }, index): Segment[] => {
    const [rows = 0, values = 0] = numbers.slice(2 * index);
    const share = violating / all;
    const part = rows / total;
    const stands = share >= leastLift * part && chanceOfGathering(violating, all, part, values) <= mostByChance;
    return stands ? [{ column, ...(by === undefined ? {} : { by }), value, violating, rows, share }] : [];
  });
  return clearest(segments);
}

/** Rows (dimension, value, rows): the most frequent values of each, and without a dimension the number of all. */
function commonValues(context: TableContext, check: Check, dimensions: readonly Dimension[]): string | undefined {
  const { dialect } = context;
  if (dimensions.length === 0) return undefined;
  const prefix = 'dpa_violating';
  const columns = [...new Set(dimensions.map(({ column }) => column))].map((column) => dialect.identifier(column));
  const rows = violatingRows(context, check, (own) => columns.map((column) => `${own}${column}`).join(', '));
  if (rows === undefined) return undefined;
  const perDimension = dimensions.map(
    ({ sql }, place) =>
      `(SELECT ${place} AS place, ${sql} AS common, count(*) AS n FROM ${prefix} GROUP BY ${sql} ORDER BY n DESC, common LIMIT ${valuesOfDimension})`,
  );
  return `WITH ${prefix} AS (${rows})\nSELECT -1 AS place, NULL AS common, count(*) AS n FROM ${prefix}\nUNION ALL ${perDimension.join('\nUNION ALL ')}`;
}

/** One row: the number of all rows, then for each the rows that have the value and how many values there are. */
function howCommon(
  { dialect, dataset }: TableContext,
  check: Check,
  common: readonly { readonly dimension: Dimension; readonly value: string | null }[],
): string {
  const counts = common.flatMap(({ dimension: { sql }, value }) => [
    dialect.countIf(value === null ? `${sql} IS NULL` : `${sql} = ${dialect.text(value)}`),
    dialect.countDistinct([sql], undefined),
  ]);
  return `SELECT count(*) AS n, ${counts.map((sql, index) => `${sql} AS m${index}`).join(', ')} FROM ${dialect.identifier(dataset)}${where(check.filter)}`;
}

/** Of one column the one that is broken most; the day says more than its month when the month's other days are sound. */
function clearest(segments: readonly Segment[]): readonly Segment[] {
  const ordered = segments.toSorted(
    (a, b) => b.violating / b.rows - a.violating / a.rows || b.violating - a.violating || a.rows - b.rows,
  );
  return ordered
    .filter(({ column }, index) => ordered.findIndex((other) => other.column === column) === index)
    .slice(0, maxSegments);
}

const periods: Readonly<Record<string, readonly Period[]>> = {
  date: ['day', 'week', 'month'],
  timestamp: ['hour', 'day', 'week', 'month'],
  timestamptz: ['hour', 'day', 'week', 'month'],
};

/** Text, flags, whole numbers and moments that the check is not about, that are no key and that the contract does not classify. */
function dimensionsOf(context: TableContext, check: Check, inFiles: boolean): readonly Dimension[] {
  const { dialect } = context;
  const own = new Set(columnsOf(check).map((name) => sourceColumn(context, name).name));
  const keys = context.table.columns.filter(({ primaryKeyPosition }) => primaryKeyPosition !== undefined);
  const open = context.columns.filter(({ name }) => {
    const described = context.table.columns.find((column) => column.physicalName === name);
    const isKey = described?.unique === true || (keys.length === 1 && keys[0] === described);
    return !own.has(name) && !isKey && isShown(described);
  });
  const columns = open.map(({ name, type }) => ({ name, kind: dialect.kindOf(type), sql: dialect.identifier(name) }));
  const moments = columns.filter(({ kind }) => periods[kind] !== undefined).slice(0, maxMomentColumns);
  const values = columns.filter(({ kind }) => ['text', 'boolean', 'integer'].includes(kind)).slice(0, maxColumns);
  return [
    ...(inFiles ? [{ column: fileColumn, by: 'file', sql: dialect.identifier(fileColumn) } as const] : []),
    ...values.map(({ name, kind, sql }) => ({ column: name, sql: dialect.asText(sql, kind) })),
    ...moments.flatMap(({ name, kind, sql }) =>
      periods[kind]!.map((by) => ({ column: name, by, sql: dialect.periodStart(sql, kind, by) })),
    ),
  ];
}

function textOf(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}

/** The statement that finds the rows behind a failed check, with only the columns that may be shown. */
import type { Check } from './check.ts';
import { columnsOf } from './check-columns.ts';
import type { Column } from './contract.ts';
import { filled } from './own-statements.ts';
import { isShown } from './shown-columns.ts';
import { operandOf, sourceColumn } from './table-context.ts';
import type { TableContext } from './table-context.ts';
import { violatingRows } from './violating-rows.ts';

export type FailingRows = {
  readonly statement: string;
  /** Columns that would belong to it and that the contract does not allow to be shown. */
  readonly withheld: readonly string[];
};

/** Columns of a row that has no key, before those the check is about. */
const columnsWithoutKey = 3;

/** Undefined for a check that is not about single rows, or whose rows may not be shown at all. */
export function failingRows(context: TableContext, check: Check): FailingRows | undefined {
  const { columns, withheld } = shownColumns(context, check);
  if (columns.length === 0) return undefined;
  // Which columns the query has only its author knows: it may show what the contract classifies.
  if (check.kind === 'failedRows')
    return hasClassified(context) ? undefined : { statement: filled(context, check.query), withheld };
  const rows = violatingRows(context, check, (prefix) =>
    columns.map((column) => `${prefix}${context.dialect.identifier(column)}`).join(', '),
  );
  if (rows === undefined) return undefined;
  return { statement: `${rows}${groupsTogether(context, check)}`, withheld };
}

/** Rows of one key beside each other. */
function groupsTogether(context: TableContext, check: Check): string {
  if (check.kind !== 'duplicateValues') return '';
  return ` ORDER BY ${check.columns.map((column) => operandOf(context, column).sql).join(', ')}`;
}

/** The key (or the first columns, where there is none) and what the check is about, without what is classified. */
function shownColumns(
  context: TableContext,
  check: Check,
): { columns: readonly string[]; withheld: readonly string[] } {
  const { table, columns } = context;
  const described = (name: string): Column | undefined =>
    table.columns.find((column) => column.name === name || column.physicalName === name);
  const keys = table.columns.filter(({ primaryKeyPosition, unique }) => primaryKeyPosition !== undefined || unique);
  const present = columns.map(({ name }) => name);
  const first = keys.length > 0 ? keys.map(({ name }) => name) : present.slice(0, columnsWithoutKey);
  const wanted = [...new Set([...first, ...columnsOf(check)])].filter((name) => isThere(context, name));
  // What a check takes for somebody's data must not spread by its report.
  const isSuspect = (name: string): boolean => check.kind === 'personalData' && name === check.column;
  const mayShow = (name: string): boolean => !isSuspect(name) && isShown(described(name));
  return {
    columns: [...new Set(wanted.filter(mayShow).map((name) => sourceColumn(context, name).name))],
    withheld: wanted.filter((name) => !mayShow(name)),
  };
}

function isThere(context: TableContext, name: string): boolean {
  const wanted = context.table.columns.find((column) => column.name === name)?.physicalName ?? name;
  return context.columns.some((column) => column.name.toLowerCase() === wanted.toLowerCase());
}

function hasClassified({ table }: TableContext): boolean {
  return table.columns.length === 0 || table.columns.some((column) => !isShown(column));
}

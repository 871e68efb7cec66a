/** The statement that finds the rows behind a failed check, with only the columns that may be shown. */
import type { Check } from './check.ts';
import { columnsOf } from './check-columns.ts';
import type { Column } from './contract.ts';
import { danglingRows, dependencyRanks, filled } from './own-statements.ts';
import { violation } from './row-conditions.ts';
import { operandOf, sourceColumn, where } from './table-context.ts';
import type { TableContext } from './table-context.ts';

export type FailingRows = {
  readonly statement: string;
  /** Columns that would belong to it and that the contract's classification keeps back. */
  readonly withheld: readonly string[];
};

/** Classifications whose values may stand in a report; none at all counts as open within the house. */
const shown = new Set(['public', 'internal', 'open', 'none', '']);

/** Columns of a row that has no key, before those the check is about. */
const columnsWithoutKey = 3;

/** Undefined for a check that is not about single rows, or whose rows may not be shown at all. */
export function failingRows(context: TableContext, check: Check): FailingRows | undefined {
  const { dialect, dataset } = context;
  const from = dialect.identifier(dataset);
  const { columns, withheld } = shownColumns(context, check);
  if (columns.length === 0) return undefined;
  const list = (prefix = '') => columns.map((column) => `${prefix}${dialect.identifier(column)}`).join(', ');
  const plain = (...conditions: (string | undefined)[]): FailingRows => ({
    statement: `SELECT ${list()} FROM ${from}${where(check.filter, ...conditions)}`,
    withheld,
  });
  switch (check.kind) {
    case 'nullValues':
    case 'missingValues':
    case 'acceptedValues':
    case 'pattern':
    case 'format':
    case 'range':
    case 'length':
    case 'typeConformity':
    case 'personalData':
      return plain(violation(dialect, check, operandOf(context, check.column)));
    case 'rowExpression':
      return plain(`NOT (${check.expression}\n)`);
    case 'duplicateValues': {
      const keys = check.columns.map((column) => operandOf(context, column).sql);
      const groups = `SELECT ${keys.join(', ')} FROM ${from}${where(check.filter, ...keys.map((key) => `${key} IS NOT NULL`))} GROUP BY ${keys.join(', ')} HAVING count(*) > 1`;
      const key = keys.length === 1 ? keys[0]! : `(${keys.join(', ')})`;
      const rows = plain(`${key} IN (${groups})`);
      return { ...rows, statement: `${rows.statement} ORDER BY ${keys.join(', ')}` };
    }
    case 'foreignKey':
      return { statement: `SELECT ${list('own.')} ${danglingRows(context, check)}`, withheld };
    case 'functionalDependency':
      return { statement: dependencyRows(), withheld };
    case 'failedRows':
      // Which columns the query has only its author knows: it may show what the contract classifies.
      return hasClassified(context) ? undefined : { statement: filled(context, check.query), withheld };
    default:
      return undefined;
  }

  function dependencyRows(): string {
    if (check.kind !== 'functionalDependency') return '';
    const value = operandOf(context, check.column).sql;
    const keys = check.determinant.map((column, index) => `own.${operandOf(context, column).sql} = ranked.k${index}`);
    const own = where(check.filter);
    return `${dependencyRanks(context, check)} SELECT ${list('own.')} FROM (SELECT * FROM ${from}${own}) AS own JOIN ranked ON ${keys.join(' AND ')} AND own.${value} = ranked.v WHERE ranked.place > 1`;
  }
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
  const mayShow = (name: string): boolean =>
    !isSuspect(name) && shown.has((described(name)?.classification ?? '').toLowerCase());
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
  return table.columns.some(({ classification }) => !shown.has((classification ?? '').toLowerCase()));
}

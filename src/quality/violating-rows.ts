/** The statement of the rows that violate a check: those that are shown, and those that are looked at for where they gather. */
import type { Check, DuplicateValues, FunctionalDependency } from './check.ts';
import { danglingRows, dependencyRanks, isDangling } from './own-statements.ts';
import { violation } from './row-conditions.ts';
import { operandOf, where } from './table-context.ts';
import type { TableContext } from './table-context.ts';

/**
 * `list` makes the selected columns, each name behind the prefix. Of duplicates all rows of a group are found, since no row of
 * it is the right one. Undefined for a check that is not about rows of its own table, and for a query of the contract's author,
 * whose columns only the author knows.
 */
export function violatingRows(
  context: TableContext,
  check: Check,
  list: (prefix: string) => string,
): string | undefined {
  switch (check.kind) {
    case 'foreignKey':
      return `SELECT ${list('own.')} ${danglingRows(context, check)}`;
    case 'functionalDependency':
      return dependencyRows(context, check, list('own.'));
    default: {
      const condition = violationOf(context, check);
      const from = context.dialect.identifier(context.dataset);
      return condition === undefined ? undefined : `SELECT ${list('')} FROM ${from}${where(check.filter, condition)}`;
    }
  }
}

function dependencyRows(context: TableContext, check: FunctionalDependency, list: string): string {
  const value = operandOf(context, check.column).sql;
  const keys = check.determinant.map((column, index) => `own.${operandOf(context, column).sql} = ranked.k${index}`);
  const rows = `(SELECT * FROM ${context.dialect.identifier(context.dataset)}${where(check.filter)})`;
  return `${dependencyRanks(context, check)} SELECT ${list} FROM ${rows} AS own JOIN ranked ON ${keys.join(' AND ')} AND own.${value} = ranked.v WHERE ranked.place > 1`;
}

/** Whether a row called own violates the check, as a condition; undefined as above. The filter is the caller's. */
export function violationOf(context: TableContext, check: Check): string | undefined {
  switch (check.kind) {
    case 'duplicateValues':
      return isOfGroup(context, check);
    case 'foreignKey':
      return isDangling(context, check);
    case 'functionalDependency': {
      const columns = [...check.determinant, check.column].map((column) => `own.${operandOf(context, column).sql}`);
      const ranked = [...check.determinant.map((_, index) => `k${index}`), 'v'].join(', ');
      return `(${columns.join(', ')}) IN (${dependencyRanks(context, check)} SELECT ${ranked} FROM ranked WHERE place > 1)`;
    }
    case 'rowExpression':
      return `NOT (${check.expression}\n)`;
    case 'nullValues':
    case 'missingValues':
    case 'acceptedValues':
    case 'pattern':
    case 'format':
    case 'range':
    case 'length':
    case 'typeConformity':
    case 'personalData':
      return violation(context.dialect, check, operandOf(context, check.column));
    default:
      return undefined;
  }
}

function isOfGroup(context: TableContext, check: DuplicateValues): string {
  const { dialect, dataset } = context;
  const keys = check.columns.map((column) => operandOf(context, column).sql);
  const given = where(check.filter, ...keys.map((key) => `${key} IS NOT NULL`));
  const groups = `SELECT ${keys.join(', ')} FROM ${dialect.identifier(dataset)}${given} GROUP BY ${keys.join(', ')} HAVING count(*) > 1`;
  return `${keys.length === 1 ? keys[0]! : `(${keys.join(', ')})`} IN (${groups})`;
}

/** What is known of a table when its checks are turned into SQL: the contract's view of it beside the source's. */
import type { Table } from './contract.ts';
import type { Dialect, Operand, SourceColumn } from './dialect.ts';
import { nearest } from '../analysis/nearest.ts';

export type TableSource = {
  readonly table: Table;
  /** What the engine calls it. */
  readonly dataset: string;
  readonly columns: readonly SourceColumn[];
};

export type TableContext = TableSource & {
  readonly dialect: Dialect;
  /** The suite's other tables by their contract name, for checks across tables. */
  readonly others: ReadonlyMap<string, TableSource>;
};

/** A check that cannot be turned into a statement; its verdict is `error` and says why. */
export class Unevaluable extends Error {
  override readonly name = 'Unevaluable';
}

/** Throws `Unevaluable` with the nearest name when the source has no such column. */
export function operandOf(
  { dialect, ...source }: TableSource & { readonly dialect: Dialect },
  column: string,
): Operand {
  const found = sourceColumn(source, column);
  return { sql: dialect.identifier(found.name), kind: dialect.kindOf(found.type) };
}

export function sourceColumn({ table, dataset, columns }: TableSource, column: string): SourceColumn {
  const wanted = table.columns.find(({ name }) => name === column)?.physicalName ?? column;
  const found =
    columns.find(({ name }) => name === wanted) ??
    columns.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  const names = columns.map(({ name }) => name);
  const [near] = nearest(wanted, names);
  const hint = near === undefined ? `It has: ${names.slice(0, 20).join(', ')}.` : `Did you mean "${near}"?`;
  throw new Unevaluable(`Expected a column "${wanted}" in ${dataset}, found none. ${hint}`);
}

/** Throws `Unevaluable` when the suite has no such table, or no data for it. */
export function otherTable(context: TableContext, name: string): TableSource & { readonly dialect: Dialect } {
  const other = name === context.table.name ? context : context.others.get(name);
  if (other !== undefined) return { ...other, dialect: context.dialect };
  const [near] = nearest(name, [...context.others.keys()]);
  throw new Unevaluable(
    `Expected data for the table "${name}", found none.${near === undefined ? '' : ` Did you mean "${near}"?`} Name its data with --data ${name}=PATH.`,
  );
}

/** `a AND b`, each in brackets; undefined when there is nothing to hold. */
export function allOf(...conditions: readonly (string | undefined)[]): string | undefined {
  const there = conditions.filter((condition) => condition !== undefined);
  return there.length === 0 ? undefined : there.map(bracketed).join(' AND ');
}

export function where(...conditions: readonly (string | undefined)[]): string {
  const all = allOf(...conditions);
  return all === undefined ? '' : ` WHERE ${all}`;
}

/** On lines of their own, so that a comment at the end of somebody's condition ends there. */
function bracketed(condition: string): string {
  return condition.includes('--') ? `(${condition}\n)` : `(${condition})`;
}

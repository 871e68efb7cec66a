/** What could drive the outcome: columns of the entity and its parents, counts and averages of its children. */
import { quoted } from '../quantities.ts';
import { ident } from '../sql.ts';
import { own, type Child, type Entity, type Parent } from './entity.ts';
import type { ColumnShape, DatasetShape } from './shape.ts';
import { realLevels } from './shape.ts';
import { bearsFamily, namesAnId, tokens } from './words.ts';

export type Variable = {
  /** Name in the SQL. */
  readonly id: string;
  readonly kind: 'category' | 'number' | 'count';
  /** How it is called in sentences, back-quotes included. */
  readonly label: string;
  /** The column it is made of, for caveats; a count has none. */
  readonly column: ColumnShape | undefined;
  readonly dataset: string;
  /** SQL over the aliases of entity, parents and children. */
  readonly expression: string;
  readonly alias: string;
  /** Counted in a window after the start, among those who were there through the whole window. */
  readonly landmark: boolean;
};

export type Candidates = {
  readonly variables: readonly Variable[];
  /** Children that cannot be used because nothing tells when their rows were made. */
  readonly undated: readonly string[];
  /** Labels of what was not tested because there is too much. */
  readonly beyond: readonly string[];
};

/** More levels than this are names, not groups. */
const maxLevels = 50;
/** Numbers with so few values are groups. */
const fewNumbers = 10;
/** Columns tested in all; what is beyond is named as not tested. */
const maxVariables = 84;
const maxChildNumbers = 3;
const maxChildGroups = 3;

export function candidatesOf(entity: Entity): Candidates {
  const variables: Omit<Variable, 'id'>[] = [];
  const skipped = skippedColumns(entity);
  for (const column of entity.shape.columns) {
    if (!skipped.has(column.name)) variables.push(...fromColumn(column, own, ''));
  }
  for (const parent of entity.parents) variables.push(...fromParent(parent, entity));
  const timed = entity.time.kind === 'span';
  const undated = timed ? entity.children.filter(({ date }) => date === undefined) : [];
  for (const child of entity.children) if (!undated.includes(child)) variables.push(...fromChild(child, timed));
  return {
    variables: variables.slice(0, maxVariables).map((variable, i) => ({ ...variable, id: `v${i}` })),
    undated: undated.map(({ shape }) => shape.name),
    beyond: variables.slice(maxVariables).map(({ label }) => label),
  };
}

/** The outcome itself, its dates, and the keys that lead to other datasets. */
function skippedColumns({ outcome, parents, children }: Entity): Set<string> {
  const { mark, end } = outcome;
  return new Set([
    ...(mark.kind === 'row' ? [] : [mark.column.name]),
    ...(mark.kind !== 'row' && end !== undefined ? [end.name] : []),
    ...parents.filter(({ on }) => on.alias === own).map(({ on }) => on.column),
    ...children.map(({ on }) => on),
  ]);
}

/** A small lookup is one group per row: its other columns say nothing that the row does not. */
function fromParent(parent: Parent, entity: Entity): Omit<Variable, 'id'>[] {
  const { shape, alias } = parent;
  const keys = entity.parents.filter(({ on }) => on.alias === alias).map(({ on }) => on.column);
  const columns = shape.columns.filter(({ name }) => name !== parent.key && !keys.includes(name));
  if (shape.rows > maxLevels)
    return columns.flatMap((column) => fromColumn(column, alias, ` of ${quoted(shape.name)}`));
  const label = columns.find((column) => isLabel(column, shape));
  const name = label?.name ?? parent.key;
  const column = label ?? shape.columns.find((candidate) => candidate.name === parent.key);
  const expression = `${alias}.${ident(name)}::VARCHAR`;
  return [{ kind: 'category', label: quoted(name), column, dataset: shape.name, expression, alias, landmark: false }];
}

function isLabel(column: ColumnShape, shape: DatasetShape): boolean {
  return column.reads === 'text' && column.distinct === column.filled && column.filled === shape.rows;
}

function fromColumn(column: ColumnShape, alias: string, of: string): Omit<Variable, 'id'>[] {
  const base = { label: `${quoted(column.name)}${of}`, column, dataset: column.dataset, alias, landmark: false };
  const reference = `${alias}.${ident(column.name)}`;
  if (column.reads === 'date' || column.reads === 'nested' || column.distinct < 2) return [];
  if (column.reads === 'number' && column.distinct > fewNumbers) {
    if (namesAnId(column.name) || isRowNumber(column)) {
      const group = column.distinct <= maxLevels && column.distinct < column.filled / 10;
      return group ? [{ ...base, kind: 'category', expression: `${reference}::VARCHAR` }] : [];
    }
    return [{ ...base, kind: 'number', expression: numberSql(reference, column) }];
  }
  if (column.distinct > maxLevels) return [];
  return [{ ...base, kind: 'category', expression: `${reference}::VARCHAR` }];
}

function fromChild(child: Child, timed: boolean): Omit<Variable, 'id'>[] {
  const { alias, shape, date, key } = child;
  const rows = quoted(shape.name);
  const landmark = timed && date !== undefined;
  const base = { dataset: shape.name, alias, landmark };
  const usable = shape.columns.filter(({ name, distinct }) => name !== key && !namesAnId(name) && distinct > 1);
  const numbers = usable
    .filter(({ reads, distinct }) => reads === 'number' && distinct > fewNumbers)
    .slice(0, maxChildNumbers);
  const groups = usable
    .filter((column) => (column.reads === 'text' || column.reads === 'boolean') && column.distinct <= 8)
    .filter((column) => realLevels(column).length > 1)
    .slice(0, maxChildGroups);
  return [
    { ...base, kind: 'count', label: `number of ${rows}`, column: undefined, expression: 'count(*)' },
    ...numbers.map((column) => ({
      ...base,
      kind: 'number' as const,
      label: `average ${quoted(column.name)} of the ${rows}`,
      column,
      expression: `avg(${numberSql(`c.${ident(column.name)}`, column)})`,
    })),
    // Only where all rows of the child agree: a mixture would just be another count.
    ...groups.map((column) => ({
      ...base,
      kind: 'category' as const,
      label: `${quoted(column.name)} of the ${rows}`,
      column,
      expression: `CASE WHEN min(c.${ident(column.name)}) = max(c.${ident(column.name)}) THEN min(c.${ident(column.name)})::VARCHAR END`,
    })),
  ];
}

function numberSql(reference: string, column: ColumnShape): string {
  return /^VARCHAR/i.test(column.type) ? `TRY_CAST(${reference} AS DOUBLE)` : `${reference}::DOUBLE`;
}

function isRowNumber(column: ColumnShape): boolean {
  const whole = /INT/i.test(column.type) && column.distinct === column.filled;
  return (
    whole &&
    /^(row|index|unnamed|nr|no|rownumber|number|\W*)/i.test(column.name) &&
    tokens(column.name).length <= 2 &&
    /^(rownumber|row|index|unnamed|column|nr|no)?\d*$/i.test(tokens(column.name).join(''))
  );
}

/** True when a name says that the column tells about the outcome itself (`churn_reason`), so that it cannot come before it. */
export function tellsOfOutcome(variable: Variable, entity: Entity): boolean {
  const { family } = entity.outcome;
  const names = variable.column !== undefined && variable.dataset === entity.shape.name;
  return (
    names &&
    bearsFamily(variable.column.name, family) &&
    /reason|date|type|categor|code|comment|score|prob|predict/i.test(variable.column.name)
  );
}

/** Checks that one pass over their table cannot answer: each as a statement of its own. */
import type { Check, DistributionDrift, ForeignKey, FunctionalDependency, Reconcile, SequenceGaps } from './check.ts';
import { aggregateOf } from './measures.ts';
import { allOf, operandOf, otherTable, where } from './table-context.ts';
import type { TableContext } from './table-context.ts';

type OwnCheck = Extract<
  Check,
  {
    kind:
      'foreignKey' | 'functionalDependency' | 'failedRows' | 'sql' | 'reconcile' | 'sequenceGaps' | 'distributionDrift';
  }
>;

/** One row with the columns evaluated and violating, or with the column value; a distribution has many. */
export function ownStatement(context: TableContext, check: OwnCheck): string {
  switch (check.kind) {
    case 'foreignKey':
      return foreignKeyStatement(context, check);
    case 'functionalDependency':
      return dependencyStatement(context, check);
    case 'failedRows': {
      const all = `(SELECT count(*) FROM ${context.dialect.identifier(context.dataset)})`;
      return `SELECT ${all} AS evaluated, count(*) AS violating FROM (\n${filled(context, check.query)}\n) AS failed`;
    }
    case 'sql':
      return filled(context, check.query, check.column);
    case 'reconcile':
      return reconcileStatement(context, check);
    case 'sequenceGaps':
      return gapsStatement(context, check);
    case 'distributionDrift':
      return distributionStatement(context, check);
  }
}

/** `${table}` and `${column}` (also without the dollar sign) become the names the engine knows. */
export function filled(context: TableContext, query: string, column?: string): string {
  const { dialect, dataset } = context;
  const text = query.trim().replace(/;\s*$/, '');
  const named = text.replaceAll(/\$?\{(?:table|model|object|schema)\}/g, dialect.identifier(dataset));
  if (column === undefined) return named;
  return named.replaceAll(/\$?\{(?:column|field|property)\}/g, operandOf(context, column).sql);
}

/** The rows of the check's own table that refer to nothing. */
export function danglingRows(context: TableContext, check: ForeignKey): string {
  const from = context.dialect.identifier(context.dataset);
  return `FROM ${from} AS own WHERE ${allOf(check.filter, isDangling(context, check))}`;
}

/** Of a row called own: it refers to something, which is not there. */
export function isDangling(context: TableContext, check: ForeignKey): string {
  const { dialect } = context;
  const other = otherTable(context, check.to.table);
  const own = check.columns.map((column) => operandOf(context, column));
  const theirs = check.to.columns.map((column) => operandOf(other, column));
  const equal = own.map(({ sql, kind }, index) => {
    const { sql: target, kind: targetKind } = theirs[index]!;
    // Keys written as text on one side and as numbers on the other are compared as they are written.
    if (kind === targetKind || (kind !== 'text' && targetKind !== 'text')) return `theirs.${target} = own.${sql}`;
    return `${dialect.asText(`theirs.${target}`, targetKind)} = ${dialect.asText(`own.${sql}`, kind)}`;
  });
  const whole = own.map(({ sql }) => `own.${sql} IS NOT NULL`);
  const none = `NOT EXISTS (SELECT 1 FROM ${dialect.identifier(other.dataset)} AS theirs WHERE ${equal.join(' AND ')})`;
  return [...whole, none].join(' AND ');
}

function foreignKeyStatement(context: TableContext, check: ForeignKey): string {
  const own = check.columns.map((column) => `own.${operandOf(context, column).sql} IS NOT NULL`);
  const table = context.dialect.identifier(context.dataset);
  const evaluated = `SELECT count(*) FROM ${table} AS own${where(check.filter, ...own)}`;
  return `SELECT (${evaluated}) AS evaluated, (SELECT count(*) ${danglingRows(context, check)}) AS violating`;
}

/** `WITH` parts: how often each value stands beside each determinant, and which place it has there. */
export function dependencyRanks(context: TableContext, check: FunctionalDependency): string {
  const { dialect } = context;
  const value = operandOf(context, check.column);
  const given = check.determinant.map((column) => operandOf(context, column).sql);
  const keys = given.map((_, index) => `k${index}`);
  const whole = where(check.filter, ...[...given, value.sql].map((column) => `${column} IS NOT NULL`));
  const columns = given.map((column, index) => `${column} AS k${index}`).join(', ');
  return [
    `WITH pairs AS (SELECT ${columns}, ${value.sql} AS v, count(*) AS n FROM ${dialect.identifier(context.dataset)}${whole} GROUP BY ${[...given, value.sql].join(', ')})`,
    `overall AS (SELECT v, sum(n) AS total FROM pairs GROUP BY v)`,
    `ranked AS (SELECT pairs.*, row_number() OVER (PARTITION BY ${keys.map((key) => `pairs.${key}`).join(', ')} ORDER BY n DESC, total DESC, ${dialect.asText('pairs.v', value.kind)}) AS place FROM pairs JOIN overall ON overall.v = pairs.v)`,
  ].join(', ');
}

function dependencyStatement(context: TableContext, check: FunctionalDependency): string {
  const { dialect } = context;
  const violating = dialect.filtered('sum(n)', 'place > 1');
  return `${dependencyRanks(context, check)} SELECT coalesce(sum(n), 0) AS evaluated, coalesce(${violating}, 0) AS violating FROM ranked`;
}

function reconcileStatement(context: TableContext, check: Reconcile): string {
  const { dialect } = context;
  const other = otherTable(context, check.with.table);
  const mine = aggregateOf(dialect, check.measure, (column) => operandOf(context, column), allOf(check.filter));
  const theirs = aggregateOf(
    dialect,
    check.with.measure,
    (column) => operandOf(other, column),
    allOf(check.with.filter),
  );
  const both = `SELECT (SELECT ${mine} FROM ${dialect.identifier(context.dataset)}) AS mine, (SELECT ${theirs} FROM ${dialect.identifier(other.dataset)}) AS theirs`;
  const value = check.unit === 'percent' ? '100.0 * abs(mine - theirs) / nullif(abs(theirs), 0)' : 'abs(mine - theirs)';
  return `SELECT CASE WHEN mine = theirs THEN 0 ELSE ${value} END AS value FROM (${both}) AS both_sides`;
}

/** Steps between the first and the last, less those that are there. */
function gapsStatement(context: TableContext, check: SequenceGaps): string {
  const { dialect } = context;
  const { sql, kind } = operandOf(context, check.column);
  const step = stepNumber();
  const inner = `SELECT ${step} AS step FROM ${dialect.identifier(context.dataset)}${where(check.filter, `${sql} IS NOT NULL`)}`;
  return `SELECT max(step) - min(step) + 1 - count(DISTINCT step) AS value FROM (${inner}) AS steps`;

  function stepNumber(): string {
    if (check.step.kind === 'number') return `floor((${sql}) / ${dialect.number(check.step.by, kind)})`;
    const moment = dialect.read(sql, kind, 'timestamp');
    return check.step.kind === 'day' ? dialect.dayNumber(moment) : dialect.hourNumber(moment);
  }
}

/** Most categories counted by themselves; what is rarer does not make a distribution. */
const maxCategories = 200;

/** Rows (bucket, n) of categories; for numbers rows (n, value), the values at equal steps of their order. */
function distributionStatement(context: TableContext, check: DistributionDrift): string {
  const { dialect } = context;
  const { sql, kind } = operandOf(context, check.column);
  const from = `FROM ${dialect.identifier(context.dataset)}${where(check.filter, `${sql} IS NOT NULL`)}`;
  if (check.method === 'categoryShare' || kind === 'text' || kind === 'boolean') {
    const text = dialect.asText(sql, kind);
    return `SELECT ${text} AS bucket, count(*) AS n ${from} GROUP BY ${text} ORDER BY n DESC, bucket LIMIT ${maxCategories}`;
  }
  const number = kind === 'date' || kind === 'timestamp' || kind === 'timestamptz' ? dialect.epochSeconds(sql) : sql;
  const levels = Array.from({ length: quantileSteps + 1 }, (_, index) => index / quantileSteps);
  return dialect.quantileRows(number, levels, from);
}

/** A distribution of numbers is kept as the values at these many equal steps of their order: enough for any number of buckets. */
const quantileSteps = 100;

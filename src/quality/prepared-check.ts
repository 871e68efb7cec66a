/** One check as SQL: what it adds to the one scan of its table, or the statement of its own it needs. */
import type { Check } from './check.ts';
import { aggregateOf, newestOrOldest, partsOf } from './measures.ts';
import { ownStatement } from './own-statements.ts';
import { violation } from './row-conditions.ts';
import { allOf, operandOf, Unevaluable } from './table-context.ts';
import type { TableContext } from './table-context.ts';

/** A number of rows as one aggregate, or as the difference of two. */
export type Count = { readonly plus: string; readonly minus?: string };

/** How a measure of all rows follows from numbers of its parts: one that is put together, or a ratio of two that are. */
export type Parts =
  | { readonly kind: 'merged'; readonly by: Merge }
  | { readonly kind: 'ratio'; readonly factor: number; readonly over: Count; readonly under: string };

/** How the numbers of two parts become that of both. */
export type Merge = 'add' | 'least' | 'greatest';

export type Prepared =
  | { readonly kind: 'counted'; readonly rows: string; readonly evaluated: Count; readonly violating: Count }
  | { readonly kind: 'measured'; readonly rows: string; readonly value: string; readonly parts?: Parts }
  /** One row with the columns evaluated and violating, or value. */
  | { readonly kind: 'own'; readonly rows: string; readonly statement: string }
  /** Answered by the columns of the source; nothing is read. */
  | { readonly kind: 'columns' }
  | { readonly kind: 'impossible'; readonly reason: string };

export function prepareCheck(context: TableContext, check: Check): Prepared {
  try {
    return prepared(context, check);
  } catch (error) {
    if (error instanceof Unevaluable) return { kind: 'impossible', reason: error.message };
    throw error;
  }
}

function prepared(context: TableContext, check: Check): Prepared {
  const { dialect } = context;
  const filter = allOf(check.filter);
  const rows = dialect.filtered('count(*)', filter);
  const counting = (condition: string | undefined): string =>
    condition === undefined ? 'count(*)' : dialect.countIf(condition);
  const operand = (column: string) => operandOf(context, column);
  const measured = (value: string, parts?: Parts): Prepared => ({
    kind: 'measured',
    rows,
    value,
    ...(parts === undefined ? {} : { parts }),
  });

  switch (check.kind) {
    case 'nullValues': {
      const values = dialect.filtered(`count(${operand(check.column).sql})`, filter);
      return { kind: 'counted', rows, evaluated: { plus: rows }, violating: { plus: rows, minus: values } };
    }
    case 'missingValues': {
      const violating = counting(allOf(filter, violation(dialect, check, operand(check.column))));
      return { kind: 'counted', rows, evaluated: { plus: rows }, violating: { plus: violating } };
    }
    case 'acceptedValues':
    case 'pattern':
    case 'format':
    case 'range':
    case 'length':
    case 'typeConformity':
    case 'personalData': {
      const { sql, kind } = operand(check.column);
      const violating = counting(allOf(filter, violation(dialect, check, { sql, kind })));
      const evaluated = dialect.filtered(`count(${sql})`, filter);
      return { kind: 'counted', rows, evaluated: { plus: evaluated }, violating: { plus: violating } };
    }
    case 'rowExpression': {
      const evaluated = dialect.filtered(`count((${check.expression}\n))`, filter);
      const violating = counting(allOf(filter, `NOT (${check.expression}\n)`));
      return { kind: 'counted', rows, evaluated: { plus: evaluated }, violating: { plus: violating } };
    }
    case 'duplicateValues': {
      const columns = check.columns.map((column) => operand(column).sql);
      const whole = allOf(filter, ...(columns.length === 1 ? [] : columns.map((column) => `${column} IS NOT NULL`)));
      const evaluated = columns.length === 1 ? dialect.filtered(`count(${columns[0]!})`, filter) : counting(whole);
      const distinct = dialect.countDistinct(columns, whole);
      return { kind: 'counted', rows, evaluated: { plus: evaluated }, violating: { plus: evaluated, minus: distinct } };
    }
    case 'rowCount':
    case 'volume':
      return measured(rows, { kind: 'merged', by: 'add' });
    case 'aggregate':
    case 'anomaly':
      return measured(
        aggregateOf(dialect, check.measure, operand, filter),
        partsOf(dialect, check.measure, operand, filter),
      );
    case 'freshness':
      return measured(newestOrOldest(dialect, 'max', operand(check.column), filter), {
        kind: 'merged',
        by: 'greatest',
      });
    case 'retention':
      return measured(newestOrOldest(dialect, 'min', operand(check.column), filter), { kind: 'merged', by: 'least' });
    case 'schema':
      return { kind: 'columns' };
    case 'foreignKey':
    case 'functionalDependency':
    case 'failedRows':
    case 'sql':
    case 'reconcile':
    case 'sequenceGaps':
    case 'distributionDrift':
      return { kind: 'own', rows, statement: ownStatement(context, check) };
  }
}

/** All checks of one table as few statements: one scan with an aggregate for each distinct number asked for, and what needs more. */
import type { Check } from './check.ts';
import { prepareCheck } from './prepared-check.ts';
import type { Count, Parts, Prepared } from './prepared-check.ts';
import type { TableContext } from './table-context.ts';

/** One SELECT over the table; `columns` are its aggregates, the first of them the number of rows. */
export type Scan = { readonly statement: string; readonly columns: readonly string[] };

export type PlannedCheck =
  | {
      readonly kind: 'counted';
      readonly check: Check;
      readonly rows: string;
      readonly evaluated: Count;
      readonly violating: Count;
    }
  | {
      readonly kind: 'measured';
      readonly check: Check;
      readonly rows: string;
      readonly value: string;
      readonly parts?: Parts;
    }
  | { readonly kind: 'own'; readonly check: Check; readonly rows: string; readonly statement: string }
  | { readonly kind: 'columns'; readonly check: Check }
  | { readonly kind: 'impossible'; readonly check: Check; readonly reason: string };

export type TablePlan = {
  readonly dataset: string;
  readonly checks: readonly PlannedCheck[];
  /** More than one only where the text of one would be too long for the engine. */
  readonly scans: readonly Scan[];
};

/** Below the limit of 64 KiB that a tool server puts on a statement. */
const maxStatementChars = 48_000;

/** Aggregates of one statement; each has its own state in the engine. */
const maxAggregates = 400;

export function planTable(context: TableContext, checks: readonly Check[]): TablePlan {
  const planned = checks.map((check): PlannedCheck => ({ check, ...prepareCheck(context, check) }));
  return { dataset: context.dataset, checks: planned, scans: scansOf(context, planned) };
}

/** The statements for a part of the checks: after a failed scan each one is asked for alone, to find the guilty one. */
export function scansOf(context: TableContext, planned: readonly PlannedCheck[]): Scan[] {
  return scansOver(context, [...new Set(planned.flatMap((check) => aggregatesOf(check)))]);
}

/** As few statements as their lengths allow. With `by` one row for each value of that column, which comes first. */
export function scansOver(context: TableContext, aggregates: readonly string[], by?: string): Scan[] {
  const groups: string[][] = [];
  let chars = Infinity;
  for (const aggregate of aggregates) {
    const last = groups.at(-1);
    if (last === undefined || chars + aggregate.length > maxStatementChars || last.length >= maxAggregates) {
      groups.push([aggregate]);
      chars = aggregate.length;
    } else {
      last.push(aggregate);
      chars += aggregate.length;
    }
  }
  const from = context.dialect.identifier(context.dataset);
  return groups.map((columns) => ({
    columns,
    statement: `SELECT ${by === undefined ? '' : `${by}, `}${columns.map((sql, index) => `${sql} AS m${index}`).join(',\n  ')}\nFROM ${from}${by === undefined ? '' : `\nGROUP BY ${by}`}`,
  }));
}

export function aggregatesOf(planned: Prepared): readonly string[] {
  switch (planned.kind) {
    case 'counted':
      return [planned.rows, ...termsOf(planned.evaluated), ...termsOf(planned.violating)];
    case 'measured':
      return [planned.rows, planned.value];
    case 'own':
      return [planned.rows];
    case 'columns':
    case 'impossible':
      return [];
  }
}

function termsOf({ plus, minus }: Count): readonly string[] {
  return minus === undefined ? [plus] : [plus, minus];
}

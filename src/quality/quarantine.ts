/** Which rows of a table go into quarantine: each row that violates a broken rule about rows, whole, with the rules it violates. */
import type { Cell } from './ask.ts';
import type { Check } from './check.ts';
import type { CheckResult } from './check-result.ts';
import type { ColumnKind } from './dialect.ts';
import type { TableContext } from './table-context.ts';
import { violationOf } from './violating-rows.ts';
import { allOf } from './table-context.ts';

/** The statement of the rows, in as many parts as there are slices; each row is in one of them. */
export type QuarantinePlan = {
  readonly checks: readonly Check[];
  /** Columns of the table, then one for each check: whether the row violates it. */
  readonly statement: (slices: number, slice: number) => string;
};

/** Undefined where no rule about rows of this table is broken. Queries of the contract's author are not taken: their columns only the author knows. */
export function quarantinePlan(
  context: TableContext,
  checks: readonly Check[],
  results: readonly CheckResult[],
): QuarantinePlan | undefined {
  const { dialect, dataset, columns } = context;
  const broken = checks.flatMap((check) => {
    const result = results.find(({ id }) => id === check.id);
    if (result?.verdict !== 'failed' && result?.verdict !== 'warning') return [];
    const condition = (result.violatingRows ?? 0) > 0 ? violationOf(context, check) : undefined;
    return condition === undefined ? [] : [{ check, condition: allOf(check.filter, condition)! }];
  });
  if (broken.length === 0) return undefined;
  const own = columns.map(({ name }) => `own.${dialect.identifier(name)}`);
  const flags = broken.map(({ condition }) => `coalesce((${condition}\n), false)`);
  const marked = flags.map((flag, index) => `${flag} AS dpa_violates_${index}`);
  const any = broken.map((_, index) => `dpa_violates_${index}`).join(' OR ');
  return {
    checks: broken.map(({ check }) => check),
    statement: (slices, slice) =>
      `SELECT * FROM (SELECT ${[...own, ...marked].join(', ')} FROM ${dialect.identifier(dataset)} AS own${
        slices === 1 ? '' : ` WHERE ${dialect.isInSlice(own, slices, slice)}`
      }) AS marked WHERE ${any}`,
  };
}

/** Rows as lines of JSON, numbers digit by digit as the engine wrote them. */
export function quarantineLines(
  { columns, dialect }: TableContext,
  checks: readonly Check[],
  rows: readonly (readonly Cell[])[],
): readonly string[] {
  const kinds = columns.map(({ type }) => dialect.kindOf(type));
  return rows.map((row) => {
    const violated = checks.filter((_, index) => isTrue(row[columns.length + index]));
    const cells = columns.map(
      ({ name }, index) => `${JSON.stringify(name)}:${jsonOf(row[index] ?? null, kinds[index]!)}`,
    );
    return `{"_checks":${JSON.stringify(violated.map(({ id }) => id))}${cells.map((cell) => `,${cell}`).join('')}}`;
  });
}

function isTrue(cell: Cell | undefined): boolean {
  return cell === true || cell === 'true';
}

/** Whole numbers and decimals come as text, because JSON's readers may round them; what is written is a number again. */
function jsonOf(cell: Cell, kind: ColumnKind): string {
  const isDigits = typeof cell === 'string' && /^-?\d+(\.\d+)?$/.test(cell);
  return isDigits && (kind === 'integer' || kind === 'decimal') ? cell : JSON.stringify(cell);
}

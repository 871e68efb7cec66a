/** Asks the scans of a table; where the engine refuses one, each check for itself. */
import type { Ask, Cell } from './ask.ts';
import { aggregatesOf, scansOf } from './plan.ts';
import type { PlannedCheck, Scan } from './plan.ts';
import type { TableContext } from './table-context.ts';

export type Scanned = {
  /** By the aggregate's SQL. */
  readonly values: ReadonlyMap<string, Cell>;
  /** Why an aggregate has no value. */
  readonly problems: ReadonlyMap<string, string>;
};

export async function scan(
  context: TableContext,
  checks: readonly PlannedCheck[],
  scans: readonly Scan[],
  ask: Ask,
): Promise<Scanned> {
  const values = new Map<string, Cell>();
  const problems = new Map<string, string>();
  for (const { statement, columns } of scans) {
    const answer = await ask(statement, {
      maxRows: 1,
      purpose: `${columns.length} aggregates for ${checks.length} checks`,
    });
    if (answer.kind === 'rows') keep(columns, answer.rows[0]);
    else if (answer.aboutData) for (const column of columns) problems.set(column, answer.reason);
    else await oneByOne(columns);
  }
  return { values, problems };

  function keep(columns: readonly string[], row: readonly Cell[] | undefined): void {
    columns.forEach((column, index) => values.set(column, row?.[index] ?? null));
  }

  /** One wrong expression must not take the others down: each check is asked for alone. */
  async function oneByOne(columns: readonly string[]): Promise<void> {
    for (const planned of checks) {
      const own = aggregatesOf(planned).filter((sql) => columns.includes(sql) && !values.has(sql));
      if (own.length === 0) continue;
      for (const single of scansOf(context, [planned])) {
        const answer = await ask(single.statement, { maxRows: 1, purpose: planned.check.name });
        if (answer.kind === 'rows') keep(single.columns, answer.rows[0]);
        else for (const column of own) problems.set(column, answer.reason);
      }
    }
  }
}

/** Runs the plan of one table on an engine: one scan, what needs statements of its own, and the rows behind each failure. */
import type { Answer, Ask, Cell } from './ask.ts';
import type { Check } from './check.ts';
import type { CheckResult, Sample, Segment } from './check-result.ts';
import { distributionFrom } from './drift.ts';
import { failingRows } from './failing-rows.ts';
import type { JudgeContext, Outcome } from './outcome.ts';
import { aggregatesOf, planTable, scansOf } from './plan.ts';
import { keyOf } from './check-id.ts';
import type { PlannedCheck, Scan } from './plan.ts';
import type { Count } from './prepared-check.ts';
import { segmentsOf } from './segments.ts';
import type { TableContext } from './table-context.ts';
import { judge } from './verdict.ts';

export type Evaluation = {
  readonly results: readonly CheckResult[];
  readonly distributions: Readonly<Record<string, NonNullable<ReturnType<typeof distributionFrom>>>>;
  readonly rows: number | undefined;
  readonly statements: number;
};

/** Failing rows shown of one check. */
const sampleRows = 20;

/** Rows of an own statement: a distribution has most. */
const ownRows = 1_000;

export async function evaluateTable(
  context: TableContext,
  checks: readonly Check[],
  judgeContextOf: (check: Check) => JudgeContext,
  askEngine: Ask,
): Promise<Evaluation> {
  let statements = 0;
  const ask: Ask = (statement, options) => {
    statements += 1;
    return askEngine(statement, options);
  };
  const plan = planTable(context, checks);
  const scanned = await scan(context, plan.checks, plan.scans, ask);
  const results: CheckResult[] = [];
  const distributions: Record<string, NonNullable<ReturnType<typeof distributionFrom>>> = {};
  for (const planned of plan.checks) {
    const { check } = planned;
    const outcome = await outcomeOf(planned, scanned, context, ask);
    if (outcome.kind === 'distribution' && outcome.distribution !== undefined)
      distributions[keyOf(check)] = outcome.distribution;
    const result = judge(check, outcome, judgeContextOf(check));
    const statement = 'statement' in planned ? { statement: planned.statement } : {};
    results.push({ ...result, ...statement, ...(await behind(context, check, result, ask)) });
  }
  const rows = scanned.values.get('count(*)');
  return { results, distributions, rows: rows === undefined ? undefined : Number(rows), statements };
}

type Scanned = {
  /** By the aggregate's SQL. */
  readonly values: ReadonlyMap<string, Cell>;
  /** Why an aggregate has no value. */
  readonly problems: ReadonlyMap<string, string>;
};

async function scan(
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

async function outcomeOf(
  planned: PlannedCheck,
  { values, problems }: Scanned,
  context: TableContext,
  ask: Ask,
): Promise<Outcome> {
  if (planned.kind === 'impossible') return { kind: 'unevaluable', reason: planned.reason };
  if (planned.kind === 'columns') return { kind: 'columns', columns: context.columns };
  const missing = aggregatesOf(planned).find((sql) => !values.has(sql));
  if (missing !== undefined)
    return { kind: 'unevaluable', reason: problems.get(missing) ?? 'The engine gave no value for it.' };
  const rows = countOf({ plus: planned.rows }, values);
  switch (planned.kind) {
    case 'counted':
      return {
        kind: 'counted',
        rows,
        evaluated: countOf(planned.evaluated, values),
        violating: countOf(planned.violating, values),
      };
    case 'measured':
      return { kind: 'measured', rows, value: textOf(values.get(planned.value) ?? null) };
    case 'own':
      return ownOutcome(
        planned.check,
        rows,
        await ask(planned.statement, { maxRows: ownRows, purpose: planned.check.name }),
      );
  }
}

function ownOutcome(check: Check, rows: bigint, answer: Answer): Outcome {
  if (answer.kind === 'refused') return { kind: 'unevaluable', reason: answer.reason };
  const names = answer.columns.map(({ name }) => name);
  const [first] = answer.rows;
  if (check.kind === 'distributionDrift')
    return { kind: 'distribution', rows, distribution: distributionFrom(names, answer.rows) };
  if ('threshold' in check) {
    const [evaluated, violating] = [first?.[0] ?? null, first?.[1] ?? null];
    return { kind: 'counted', rows, evaluated: wholeOf(evaluated), violating: wholeOf(violating) };
  }
  // A query of the contract's author has to have one number as its answer.
  if (answer.rows.length !== 1 || names.length !== 1) {
    const found = `${answer.rows.length} rows of ${names.length} columns`;
    return {
      kind: 'unevaluable',
      reason: `Expected the query to answer with one number, found ${found}. Aggregate in the query.`,
    };
  }
  return { kind: 'measured', rows, value: textOf(first?.[0] ?? null) };
}

/** The rows behind a broken rule and where they gather; nothing for a rule that holds. */
async function behind(
  context: TableContext,
  check: Check,
  result: CheckResult,
  ask: Ask,
): Promise<{ sample?: Sample; segments?: readonly Segment[] }> {
  const { verdict, violatingRows = 0 } = result;
  if (verdict !== 'failed' && verdict !== 'warning') return {};
  const wanted = failingRows(context, check);
  if (wanted === undefined || violatingRows === 0) return {};
  const answer = await ask(`${wanted.statement}\nLIMIT ${sampleRows}`, {
    maxRows: sampleRows,
    purpose: `rows that violate: ${check.name}`,
  });
  // The verdict stands without them.
  if (answer.kind === 'refused') return {};
  const sample = {
    columns: answer.columns.map(({ name }) => name),
    rows: answer.rows,
    statement: wanted.statement,
    withheld: wanted.withheld,
  };
  const segments = await segmentsOf(context, check, result, ask);
  return { sample, ...(segments.length === 0 ? {} : { segments }) };
}

function countOf({ plus, minus }: Count, values: ReadonlyMap<string, Cell>): bigint {
  return wholeOf(values.get(plus) ?? null) - (minus === undefined ? 0n : wholeOf(values.get(minus) ?? null));
}

function wholeOf(cell: Cell): bigint {
  return BigInt(String(cell ?? 0).replace(/\.0*$/, ''));
}

function textOf(cell: Cell): string | null {
  return cell === null ? null : String(cell);
}

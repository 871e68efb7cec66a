/** Runs the plan of one table on an engine: one scan, what needs statements of its own, and the rows behind each failure. */
import type { Answer, Ask, Cell } from './ask.ts';
import type { Check } from './check.ts';
import type { CheckResult, Sample, Segment } from './check-result.ts';
import { distributionFrom } from './drift.ts';
import { failingRows } from './failing-rows.ts';
import type { JudgeContext, Outcome } from './outcome.ts';
import { isLasting, type Increments, type Partials } from './increments.ts';
import { aggregatesOf, planTable } from './plan.ts';
import { keyOf } from './check-id.ts';
import type { PlannedCheck } from './plan.ts';
import type { Scanned } from './scan.ts';
import { tableNumbers, type Memory, type TableNumbers } from './table-numbers.ts';
import { openWholeAnswers, type WholeAnswers } from './whole-answers.ts';
import type { Count } from './prepared-check.ts';
import { segmentsOf } from './segments.ts';
import type { TableContext } from './table-context.ts';
import { judge } from './verdict.ts';

export type Evaluation = {
  readonly results: readonly CheckResult[];
  readonly distributions: Readonly<Record<string, NonNullable<ReturnType<typeof distributionFrom>>>>;
  readonly rows: number | undefined;
  readonly statements: number;
  readonly files?: { readonly total: number; readonly read: number };
  /** What of this is worth to be known the next time. */
  readonly partials?: Partials;
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
  increments?: Increments,
): Promise<Evaluation> {
  let statements = 0;
  const ask: Ask = (statement, options) => {
    statements += 1;
    return askEngine(statement, options);
  };
  const plan = planTable(context, checks);
  const whole = increments === undefined ? undefined : openWholeAnswers(increments, ask);
  const memory = increments === undefined || whole === undefined ? undefined : { increments, whole };
  const scanned = await tableNumbers(context, plan, ask, memory);
  const isSplit = (increments?.files.length ?? 0) > 1;
  const results: CheckResult[] = [];
  const distributions: Record<string, NonNullable<ReturnType<typeof distributionFrom>>> = {};
  for (const planned of plan.checks) {
    const { check } = planned;
    const outcome = await outcomeOf(planned, scanned, context, askingOf(context, check, ask, whole));
    if (outcome.kind === 'distribution' && outcome.distribution !== undefined)
      distributions[keyOf(check)] = outcome.distribution;
    const result = judge(check, outcome, judgeContextOf(check));
    const statement = 'statement' in planned ? { statement: planned.statement } : {};
    results.push({ ...result, ...statement, ...(await behind(context, check, result, isSplit, ask)) });
  }
  const rows = scanned.values.get('count(*)');
  return {
    results,
    distributions,
    rows: rows === undefined ? undefined : Number(rows),
    statements,
    ...(scanned.files === undefined ? {} : { files: scanned.files }),
    ...(memory === undefined ? {} : { partials: partialsOf(scanned, memory) }),
  };
}

function partialsOf({ byFile }: TableNumbers, { increments, whole }: Memory): Partials {
  const { basis } = increments;
  return {
    schema: 'dpa.quality-partials/1',
    basis,
    aggregates: [],
    files: {},
    ...byFile,
    whole: whole.kept(),
  };
}

/** What is asked about tables alone stands until their files change; a query of the contract's author may ask for anything. */
function askingOf(context: TableContext, check: Check, ask: Ask, whole: WholeAnswers | undefined): Ask {
  if (whole === undefined || check.kind === 'sql' || check.kind === 'failedRows') return ask;
  const other =
    check.kind === 'foreignKey' ? check.to.table : check.kind === 'reconcile' ? check.with.table : undefined;
  const filters = [check.filter, check.kind === 'reconcile' ? check.with.filter : undefined];
  if (!filters.every((filter) => filter === undefined || isLasting(filter))) return ask;
  if (other === undefined) return whole.askOf([context.dataset]);
  return whole.askOf([context.dataset, context.others.get(other)?.dataset ?? context.dataset]);
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
  isSplit: boolean,
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
  const segments = await segmentsOf(context, check, result, isSplit, ask);
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

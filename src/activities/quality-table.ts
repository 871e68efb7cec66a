/** The activity that checks one table: plans its statements, asks the tool server, keeps the whole result in the store. */
import type { Check } from '../quality/check.ts';
import { countVerdicts } from '../quality/check-result.ts';
import { duckdbDialect } from '../quality/duckdb-dialect.ts';
import { evaluateTable } from '../quality/evaluate.ts';
import type { JudgeContext } from '../quality/outcome.ts';
import { withMovedRows } from '../quality/missing-rows.ts';
import { earlierOf } from '../quality/points.ts';
import type { TableContext, TableSource } from '../quality/table-context.ts';
import { otherTables } from '../quality/datasets.ts';
import { judge } from '../quality/verdict.ts';
import { columnsBefore } from '../quality/columns-before.ts';
import type { CheckTableInput, CheckTableResult } from './quality-contract.ts';
import { incrementsFor } from './quality-increments.ts';
import { quarantine } from './quality-quarantine.ts';
import { withHeartbeat } from './heartbeat.ts';
import { readPlan, tableOf, unreachableTable } from './quality-plan.ts';
import type { CheckedTable, RunPlan } from './quality-plan.ts';
import type { PlannedTable } from '../quality/datasets.ts';
import type { QualityDependencies } from './quality.ts';

export function createCheckTable(dependencies: QualityDependencies) {
  const { store, openQualitySource, qualityPartials } = dependencies;
  return (input: CheckTableInput): Promise<CheckTableResult> =>
    withHeartbeat(async (signal) => {
      const plan = await readPlan(store, input.plan);
      const planned = plan.tables.find(
        ({ contract, table }) => contract === input.key.contract && table === input.key.table,
      )!;
      const checked =
        planned.source.kind === 'absent'
          ? unreachableTable(plan, input.key, (check) => judgeUnevaluable(plan, check, planned.source))
          : await checkTable(plan, planned, planned.source, signal);
      const counts = countVerdicts(checked.result.checks.map(({ verdict }) => verdict));
      return { counts, rows: checked.result.rows ?? null, result: await store.put(JSON.stringify(checked)) };
    });

  async function checkTable(
    plan: RunPlan,
    planned: PlannedTable,
    { dataset, columns }: Extract<PlannedTable['source'], { kind: 'there' }>,
    signal: AbortSignal,
  ): Promise<CheckedTable> {
    const startedMs = performance.now();
    const { contract, table } = tableOf(plan, planned);
    const source = await openQualitySource(plan.data, `quality/${plan.suite}/${plan.interval.name}`, signal);
    const context: TableContext = {
      table,
      dataset,
      columns,
      dialect: duckdbDialect,
      others: otherTables(plan.contracts, plan.tables),
    };
    const checks = contract.checks.filter((check) => check.table === table.name);
    const judgeContextOf = (check: Check): JudgeContext => judgeContext(plan, context, check);
    const key = `${plan.suite}/${contract.id}/${table.name}`;
    const known = plan.rescan === true ? undefined : await qualityPartials.read(key);
    const increments = await incrementsFor(source, context, known);
    const evaluation = await evaluateTable(context, checks, judgeContextOf, source.ask, increments);
    const { results, distributions, rows, statements, files, partials } = evaluation;
    if (partials !== undefined) await qualityPartials.write(key, partials);
    const folder =
      plan.quarantine ?? (contract.onFailure?.quarantine === true ? dependencies.quarantineFolder : undefined);
    const request = { suite: plan.suite, interval: plan.interval.name, contract: contract.id, data: plan.data };
    const aside =
      folder === undefined
        ? undefined
        : await quarantine(dependencies.quarantineFiles, { folder, ...request }, context, checks, results, source.ask);
    return {
      result: {
        table: table.name,
        contract: contract.id,
        dataset,
        ...(rows === undefined ? {} : { rows }),
        columns,
        checks: withMovedRows(checks, results, {
          distributions,
          earlierOf: (check) => judgeContextOf(check).earlier,
        }),
        statements,
        ...(files === undefined ? {} : { files }),
        ...(aside === undefined ? {} : { quarantine: aside }),
        elapsedMs: Math.round(performance.now() - startedMs),
      },
      distributions,
    };
  }
}

function judgeContext(
  plan: RunPlan,
  { table, dialect, dataset }: TableSource & Pick<TableContext, 'dialect'>,
  check: Check,
): JudgeContext {
  return {
    table,
    kindOf: (type) => dialect.kindOf(type),
    intervalEndMs: plan.interval.endMs,
    interval: plan.interval.name,
    earlier: earlierOf(plan.history, check, plan.interval.name),
    columnsBefore: dataset === '' ? undefined : columnsBefore(plan.history, check, plan.interval.name),
  };
}

/** For checks whose table was not looked at. */
export function judgeUnevaluable(
  plan: RunPlan,
  check: Check,
  source: PlannedTable['source'] | { readonly reason: string },
) {
  const { table } = tableOf(plan, {
    contract: plan.contracts.find(({ checks }) => checks.includes(check))!.id,
    table: check.table,
  });
  const reason = 'reason' in source ? source.reason : 'The table was not looked at.';
  const context = judgeContext(plan, { table, dialect: duckdbDialect, dataset: '', columns: [] }, check);
  return judge(check, { kind: 'unevaluable', reason }, context);
}

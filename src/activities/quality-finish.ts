/** The last activity of a quality run: puts the tables together, remembers the night, tells incidents, delivers the reports. */
import { countVerdicts, exitCodeOf, worstOf } from '../quality/check-result.ts';
import type { TableResult } from '../quality/check-result.ts';
import { headlineOf } from '../quality/headline.ts';
import { eventsAt, incidentsOf } from '../quality/incidents.ts';
import { pointOf } from '../quality/point-of-run.ts';
import type { RunDocument } from '../quality/run.ts';
import { trendsOf } from '../quality/trends.ts';
import { withHeartbeat } from './heartbeat.ts';
import type { FinishQualityRunInput, FinishQualityRunResult } from './quality-contract.ts';
import type { QualityDependencies } from './quality.ts';
import { checkedContracts, readPlan, unreachableTable } from './quality-plan.ts';
import type { CheckedTable, RunPlan } from './quality-plan.ts';
import { judgeUnevaluable } from './quality-table.ts';

/** A run that a person stopped, and one whose results did not arrive where they should. */
const stoppedCode = 5;
const undeliveredCode = 4;

export function createFinishQualityRun({
  store,
  qualityHistory,
  deliverQualityReport,
  sendAlerts,
  lineage,
}: QualityDependencies) {
  return (input: FinishQualityRunInput): Promise<FinishQualityRunResult> =>
    withHeartbeat(async () => {
      const plan = await readPlan(store, input.plan);
      const tables = await Promise.all(input.tables.map((end) => checkedTable(plan, end)));
      const drafted = documentOf(input, plan, tables);
      const point = pointOf(
        drafted,
        Object.assign({}, ...tables.map(({ distributions }) => distributions)),
        input.endedAtMs,
      );
      // A run that was stopped, or was of some contracts only, says too little about its night to be remembered as it.
      if (input.stopped === undefined && plan.only === undefined) await qualityHistory.write(point);
      const incidents = incidentsOf(plan.suite, [...plan.history, point]);
      const untold = await lineage.ended(drafted);
      const document: RunDocument = {
        ...drafted,
        incidents: eventsAt(incidents, plan.interval.name),
        problems: [...new Set([...drafted.problems, ...(untold === undefined ? [] : [untold])])],
      };
      const delivered = await delivery(document, input);
      const ref = await store.put(JSON.stringify(document));
      return {
        exitCode:
          delivered.undelivered !== undefined && [0, 2].includes(document.exitCode)
            ? undeliveredCode
            : document.exitCode,
        headline: document.headline,
        counts: document.counts,
        document: ref,
        datasets: [...new Set(tables.flatMap(({ result }) => result.dataset ?? []))].slice(0, 20),
        ...delivered,
      };
    });

  async function checkedTable(plan: RunPlan, end: FinishQualityRunInput['tables'][number]): Promise<CheckedTable> {
    if ('result' in end) return JSON.parse(await store.get(end.result)) as CheckedTable;
    return unreachableTable(plan, end.key, (check) => judgeUnevaluable(plan, check, { reason: end.problem }));
  }

  /** The results are kept whatever happens to the files. */
  async function delivery(
    document: RunDocument,
    { outputFolder, formats, alert, stopped }: FinishQualityRunInput,
  ): Promise<{ files: readonly string[]; undelivered?: string }> {
    const options = { formats, ...(outputFolder === undefined ? {} : { folder: outputFolder }) };
    const [written, unsent] = await Promise.all([
      deliverQualityReport(document, options).catch((error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
      ),
      alert && stopped === undefined ? sendAlerts(document) : [],
    ]);
    const problems = [...(written instanceof Error ? [written.message] : []), ...unsent];
    return {
      files: written instanceof Error ? [] : written,
      ...(problems.length === 0 ? {} : { undelivered: problems.join(' ') }),
    };
  }
}

function withPlaces(plan: RunPlan, result: TableResult): TableResult {
  const written = plan.contracts.find(({ id }) => id === result.contract)?.written;
  if (written === undefined) return result;
  const { file, lines } = written;
  return {
    ...result,
    checks: result.checks.map((check) => ({ ...check, place: { file, line: lines[check.id] ?? 1 } })),
  };
}

function documentOf(input: FinishQualityRunInput, plan: RunPlan, checked: readonly CheckedTable[]): RunDocument {
  const tables = checked.map(({ result }) => withPlaces(plan, result));
  const verdicts = tables.flatMap(({ checks }) => checks.map(({ verdict }) => verdict));
  const counts = countVerdicts(verdicts);
  return {
    schema: 'dpa.quality/1',
    id: input.id,
    runId: input.runId,
    suite: plan.suite,
    interval: plan.interval.name,
    startedAt: new Date(input.startedAtMs).toISOString(),
    endedAt: new Date(input.endedAtMs).toISOString(),
    result: worstOf(verdicts),
    exitCode: input.stopped === undefined ? exitCodeOf(counts, input.warningsAsErrors) : stoppedCode,
    counts,
    headline: headlineOf(plan.suite, counts, tables, input.stopped),
    contracts: checkedContracts(plan).map(({ id, version, name }) => ({
      id,
      version,
      ...(name === undefined ? {} : { name }),
    })),
    tables,
    data: plan.data,
    unchecked: checkedContracts(plan).flatMap(({ unchecked }) => unchecked),
    incidents: [],
    trends: trendsOf(
      plan.history,
      tables.flatMap(({ checks }) => checks),
      plan.interval.name,
    ),
    problems: plan.problems,
    ...(input.stopped === undefined ? {} : { stopped: input.stopped }),
    ...(input.uiUrl === undefined ? {} : { uiUrl: input.uiUrl }),
  };
}

/** The last activity of a quality run: puts the tables together, remembers the night, tells incidents, delivers the reports. */
import { countVerdicts, exitCodeOf, worstOf } from '../quality/check-result.ts';
import type { TableResult } from '../quality/check-result.ts';
import { headlineOf } from '../quality/headline.ts';
import { eventsAt, incidentsOf, withBeginnings } from '../quality/incidents.ts';
import { pocketDocument } from '../quality/pocket-document.ts';
import { pointOf } from '../quality/point-of-run.ts';
import type { HistoryPoint } from '../quality/points.ts';
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

export function createFinishQualityRun(dependencies: QualityDependencies) {
  const { store, lineage, inlineResult } = dependencies;
  return (input: FinishQualityRunInput): Promise<FinishQualityRunResult> =>
    withHeartbeat(async () => {
      const plan = await readPlan(store, input.plan);
      const tables = await Promise.all(input.tables.map((end) => checkedTable(plan, end)));
      const drafted = documentOf(input, plan, tables);
      const distributions = Object.assign({}, ...tables.map((table) => table.distributions));
      const point = pointOf(drafted, distributions, input.endedAtMs);
      const incidents = incidentsOf(plan.suite, [...plan.history, point]);
      const untold = await lineage.ended(drafted);
      const document: RunDocument = {
        ...drafted,
        // A run of some contracts says nothing of the others.
        incidents: eventsAt(incidents, plan.interval.name).filter(
          ({ incident }) => plan.only === undefined || incident.check in point.checks,
        ),
        silences: await dependencies.qualitySilences.all(plan.suite),
        problems: [...new Set([...drafted.problems, ...(untold === undefined ? [] : [untold])])],
      };
      // A run that was stopped, or was of some contracts only, says too little about its night to be remembered as it.
      const isNight = input.stopped === undefined && plan.only === undefined && input.remember !== false;
      const night = isNight ? withBeginnings(point, incidents) : undefined;
      const delivered = await deliver(dependencies, input, document, night);
      const isLate = delivered.undelivered !== undefined && [0, 2].includes(document.exitCode);
      return {
        exitCode: isLate ? undeliveredCode : document.exitCode,
        headline: document.headline,
        counts: document.counts,
        ...(input.inlineResult === true ? { result: inlineResult(document) } : {}),
        ...rowsOf(tables),
        datasets: [...new Set(tables.flatMap(({ result }) => result.dataset ?? []))].slice(0, 20),
        ...delivered,
      };
    });

  async function checkedTable(plan: RunPlan, end: FinishQualityRunInput['tables'][number]): Promise<CheckedTable> {
    if ('result' in end) return JSON.parse(await store.get(end.result)) as CheckedTable;
    return unreachableTable(plan, end.key, (check) => judgeUnevaluable(plan, check, { reason: end.problem }));
  }
}

function rowsOf(tables: readonly CheckedTable[]): { rows?: number } {
  const counts = tables.map(({ result }) => result.rows);
  return counts.includes(undefined) ? {} : { rows: counts.reduce<number>((sum, rows) => sum + (rows ?? 0), 0) };
}

type Delivered = Pick<FinishQualityRunResult, 'document' | 'inline' | 'files' | 'undelivered'>;

/** What was found is kept whatever becomes of the store, the files and the receivers: each goes on when another fails. */
async function deliver(
  { store, qualityHistory, deliverQualityReport, sendAlerts }: QualityDependencies,
  { outputFolder, formats, alert, stopped }: FinishQualityRunInput,
  document: RunDocument,
  night: HistoryPoint | undefined,
): Promise<Delivered> {
  const problems: string[] = [];
  const trying = async <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: unknown) => {
      problems.push(error instanceof Error ? error.message : String(error));
      return undefined;
    });
  problems.push(
    ...document.tables.flatMap(({ quarantine: aside }) =>
      aside !== undefined && 'problem' in aside ? [aside.problem] : [],
    ),
  );
  const ref = await trying(store.put(JSON.stringify(document)));
  if (night !== undefined)
    await trying(qualityHistory.write({ ...night, ...(ref === undefined ? {} : { document: ref }) }));
  const written = await deliverQualityReport(document, {
    ...(formats === undefined ? {} : { formats }),
    ...(outputFolder === undefined ? {} : { folder: outputFolder }),
  });
  const unsent = alert && stopped === undefined ? await trying(sendAlerts(document)) : [];
  problems.push(...written.problems, ...(unsent ?? []));
  return {
    ...(ref === undefined ? { inline: pocketDocument(document) } : { document: ref }),
    files: written.files,
    ...(problems.length === 0 ? {} : { undelivered: [...new Set(problems)].join(' ') }),
  };
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
  const checks = tables.flatMap((table) => table.checks);
  const verdicts = checks.map(({ verdict }) => verdict);
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
    trends: trendsOf(plan.history, checks, plan.interval.name),
    problems: plan.problems,
    ...(input.stopped === undefined ? {} : { stopped: input.stopped }),
    ...(input.uiUrl === undefined ? {} : { uiUrl: input.uiUrl }),
  };
}

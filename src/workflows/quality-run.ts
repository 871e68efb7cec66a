/** One run of a suite as a durable workflow: the tables in parallel, each an activity; what was checked before a stop or a loss is kept. */
import { ApplicationFailure, SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  OpenQualityRunResult,
  QualityActivities,
  QualityRequest,
  TableEnd,
} from '../activities/quality-contract.ts';
import { worstOfCounts } from '../quality/check-result.ts';
import { shorten } from '../analysis/progress.ts';
import { catalogOptions, qualityTableOptions, reportOptions } from './activity-options.ts';
import { pauseSignal, resumeSignal, stopSignal } from './messages.ts';
import { qualityStatusQuery } from './quality-messages.ts';
import type { QualityRunInput, QualityRunOutcome, QualityRunStatus } from './quality-messages.ts';
import { applicationFailureIn } from './failure-in.ts';

const { readSuite, openQualityRun } = proxyActivities<QualityActivities>(catalogOptions);
const { checkTable } = proxyActivities<QualityActivities>(qualityTableOptions);
const { finishQualityRun } = proxyActivities<QualityActivities>(reportOptions);

const suiteAttribute = defineSearchAttributeKey('DpaSuite', SearchAttributeType.KEYWORD);
const verdictAttribute = defineSearchAttributeKey('DpaVerdict', SearchAttributeType.KEYWORD);

/** Each scan uses all cores of its engine already. */
const usualTablesAtOnce = 4;

type Table = QualityRunStatus['tables'][number];

export async function qualityRunWorkflow(input: QualityRunInput): Promise<QualityRunOutcome> {
  const startedAtMs = Date.now();
  const run = new Run(input);
  const request = await requestOf(input, startedAtMs);
  const opened = await openQualityRun({ ...request, startedAtMs });
  const tables = await run.checkAll(opened);
  const { workflowId, runId } = workflowInfo();
  // What was found is told, also when the run was stopped or cancelled meanwhile.
  const finished = await CancellationScope.nonCancellable(() =>
    finishQualityRun.executeWithOptions({ ...reportOptions, summary: 'results, history, incidents, reports' }, [
      {
        id: workflowId,
        runId,
        plan: opened.plan,
        tables,
        startedAtMs,
        endedAtMs: Date.now(),
        warningsAsErrors: input.warningsAsErrors === true,
        alert: input.alert === true,
        remember: input.interval !== undefined,
        ...(input.formats === undefined ? {} : { formats: input.formats }),
        ...(input.inlineResult === undefined ? {} : { inlineResult: input.inlineResult }),
        ...(run.stopped === undefined ? {} : { stopped: run.stopped }),
        ...(input.outputFolder === undefined ? {} : { outputFolder: input.outputFolder }),
        ...(input.uiUrl === undefined ? {} : { uiUrl: `${input.uiUrl}/${encodeURIComponent(workflowId)}/${runId}` }),
      },
    ]),
  );
  run.end(finished.headline);
  if (input.searchAttributes === true) {
    upsertSearchAttributes([
      { key: suiteAttribute, value: opened.suiteName },
      { key: verdictAttribute, value: run.stopped === undefined ? worstOfCounts(finished.counts) : 'stopped' },
    ]);
  }
  return { ...finished, status: run.stopped === undefined ? 'completed' : 'stopped' };
}

/** Files are read by the worker, and what was read is what the run is about, whatever happens to them meanwhile. */
async function requestOf(input: QualityRunInput, startedAtMs: number): Promise<QualityRequest> {
  const { suite, interval, only, rescan, quarantine, data = [], aliases = {} } = input;
  const narrowed = {
    ...(only === undefined ? {} : { only }),
    ...(rescan === undefined ? {} : { rescan }),
    ...(quarantine === undefined ? {} : { quarantine }),
  };
  if (typeof suite === 'string' && typeof interval !== 'string')
    return {
      suite,
      data,
      aliases,
      ...(interval === undefined ? {} : { interval }),
      ...narrowed,
    };
  if (typeof suite === 'string')
    throw ApplicationFailure.nonRetryable(
      'Expected the interval of a frozen suite with its end, found words.',
      'Config.Invalid',
    );
  const { suiteName: _suiteName, ...read } = await readSuite({
    suite,
    ...(interval === undefined ? {} : { interval }),
    startedAtMs,
  });
  return { ...read, ...narrowed };
}

/** What a person may see and say while it runs. */
class Run {
  stopped: string | undefined;
  private paused = false;
  private tables: Table[] = [];
  private readonly checking = new CancellationScope();
  private readonly input: QualityRunInput;

  constructor(input: QualityRunInput) {
    this.input = input;
    setHandler(qualityStatusQuery, () => ({
      status: this.stopped !== undefined ? 'stopped' : this.paused ? 'paused' : 'running',
      tables: this.tables,
    }));
    setHandler(pauseSignal, () => {
      this.paused = true;
      this.show();
    });
    setHandler(resumeSignal, () => {
      this.paused = false;
      this.show();
    });
    setHandler(stopSignal, (payload) => {
      this.stopped ??= shorten(payload?.reason ?? `by ${payload?.by ?? 'a person'}`, 200);
      this.paused = false;
      this.checking.cancel();
    });
  }

  /** Every table ends with its result or with the reason why there is none. */
  async checkAll({ tables, plan }: OpenQualityRunResult): Promise<TableEnd[]> {
    this.tables = tables.map((key) => ({ key, state: 'waiting' }));
    this.show();
    const ends: TableEnd[] = [];
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let index = next++; index < tables.length; index = next++) {
        await condition(() => !this.paused);
        ends[index] = await this.check(index, plan);
      }
    };
    await this.checking
      .run(() => Promise.all(Array.from({ length: Math.max(1, this.input.tablesAtOnce ?? usualTablesAtOnce) }, lane)))
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
        this.stopped ??= 'cancelled';
      });
    return tables.map((key, index) => ends[index] ?? { key, problem: `Not looked at: the run was stopped.` });
  }

  private async check(index: number, plan: string): Promise<TableEnd> {
    const { key } = this.tables[index]!;
    this.become(index, { key, state: 'running' });
    try {
      const options = { ...qualityTableOptions, summary: key.table };
      const { result, counts, rows } = await checkTable.executeWithOptions(options, [{ plan, key }]);
      const bad = counts.failed + counts.error + counts.warning;
      const text = `${rows ?? '?'} rows, ${counts.passed} passed${bad === 0 ? '' : `, ${bad} not`}`;
      this.become(index, { key, state: 'done', text });
      return { key, result };
    } catch (error) {
      if (isCancellation(error)) throw error;
      const problem = shorten(applicationFailureIn(error)?.message ?? String(error), 500);
      this.become(index, { key, state: 'failed', text: problem });
      return { key, problem };
    }
  }

  end(headline: string): void {
    setCurrentDetails([`**${headline}**`, '', ...this.tables.map(line)].join('\n'));
  }

  private become(index: number, table: Table): void {
    this.tables = this.tables.with(index, table);
    this.show();
  }

  private show(): void {
    const title = `**${this.input.suiteName}**${this.paused ? ' — paused' : ''}`;
    setCurrentDetails([title, '', ...this.tables.map(line)].join('\n'));
  }
}

const marks = { waiting: '☐', running: '▶', done: '☑', failed: '☒' } as const;

function line({ key, state, text }: Table): string {
  return `- ${marks[state]} ${key.table}${text === undefined ? '' : `: ${text}`}`;
}

/** What goes into a quality run and what comes out, and what it answers while it runs. */
import { defineQuery } from '@temporalio/workflow';
import type { FinishQualityRunResult, QualityRequest } from '../activities/quality-contract.ts';
import type { DataInterval, SuiteFiles, TableKey } from '../quality/run.ts';

export type QualityRunWorkflow = (input: QualityRunInput) => Promise<QualityRunOutcome>;

/** Nothing but the suite has to be there, so that anybody can write one: Airflow, the Temporal CLI, curl. */
export type QualityRunInput = Partial<Omit<QualityRequest, 'suite' | 'interval'>> & {
  /** A `Suite` in the content store, or the files it is read from when the run begins. */
  readonly suite: string | SuiteFiles;
  /** For the summary in the Temporal UI. */
  readonly suiteName?: string;
  /** Absent: today. In words: `2026-11-24`, or `2026-11-24T05:00Z`. */
  readonly interval?: DataInterval | string;
  /** Absent: 4. */
  readonly tablesAtOnce?: number;
  readonly warningsAsErrors?: boolean;
  /** Whether opened and closed incidents are told by alerts. */
  readonly alert?: boolean;
  /** Absent: json, markdown, html, junit. */
  readonly formats?: readonly string[];
  /** Absolute. */
  readonly outputFolder?: string;
  /** Whether the outcome shall hold the result document too, shortened where it is large. */
  readonly inlineResult?: boolean;
  /** Whether the service knows ours. */
  readonly searchAttributes?: boolean;
  readonly uiUrl?: string;
};

export type QualityRunOutcome = FinishQualityRunResult & { readonly status: 'completed' | 'stopped' };

/** What a schedule starts again and again: the run, and how its nights are named. */
export type QualityNightInput = {
  readonly run: Omit<QualityRunInput, 'interval'> & { readonly suiteName: string };
  readonly timeZone: string;
  /** `minute` where the schedule starts more than one run a day. */
  readonly by: 'day' | 'minute';
};

export type QualityNightWorkflow = (input: QualityNightInput) => Promise<QualityNightOutcome>;

export type QualityNightOutcome = {
  readonly night: string;
  /** False: the night was run before, or is being run. */
  readonly ran: boolean;
  readonly exitCode?: number;
  readonly headline?: string;
};

export type QualityRunStatus = {
  readonly status: 'running' | 'paused' | 'completed' | 'stopped';
  readonly tables: readonly {
    readonly key: TableKey;
    readonly state: 'waiting' | 'running' | 'done' | 'failed';
    readonly text?: string;
  }[];
};

export const qualityStatusQuery = defineQuery<QualityRunStatus>('status');

/** What goes into a quality run and what comes out, and what it answers while it runs. */
import { defineQuery } from '@temporalio/workflow';
import type { FinishQualityRunResult, QualityRequest } from '../activities/quality-contract.ts';
import type { TableKey } from '../quality/run.ts';

export type QualityRunWorkflow = (input: QualityRunInput) => Promise<QualityRunOutcome>;

export type QualityRunInput = QualityRequest & {
  /** For the summary in the Temporal UI. */
  readonly suiteName: string;
  readonly tablesAtOnce: number;
  readonly warningsAsErrors: boolean;
  /** Whether opened and closed incidents are told by alerts. */
  readonly alert: boolean;
  readonly formats: readonly string[];
  /** Absolute. */
  readonly outputFolder?: string;
  readonly searchAttributes: boolean;
  readonly uiUrl?: string;
};

export type QualityRunOutcome = FinishQualityRunResult & { readonly status: 'completed' | 'stopped' };

/** What a schedule starts again and again: the run, and how its nights are named. */
export type QualityNightInput = {
  readonly run: Omit<QualityRunInput, 'interval'>;
  readonly timeZone: string;
  /** `minute` where the schedule starts more than one run a day. */
  readonly by: 'day' | 'minute';
};

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

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
  readonly formats: readonly string[];
  /** Absolute. */
  readonly outputFolder?: string;
  /** Set in runs that a schedule starts: its zone, in which the day of the data is counted. */
  readonly timeZone?: string;
  readonly searchAttributes: boolean;
  readonly uiUrl?: string;
};

export type QualityRunOutcome = FinishQualityRunResult & { readonly status: 'completed' | 'stopped' };

export type QualityRunStatus = {
  readonly status: 'running' | 'paused' | 'completed' | 'stopped';
  readonly tables: readonly {
    readonly key: TableKey;
    readonly state: 'waiting' | 'running' | 'done' | 'failed';
    readonly text?: string;
  }[];
};

export const qualityStatusQuery = defineQuery<QualityRunStatus>('status');

/** What the workflow of a quality run and its activities say to each other: references and counts, no results. */
import type { VerdictCounts } from '../quality/check-result.ts';
import type { DataInterval, RunDocument, SuiteFiles, TableKey } from '../quality/run.ts';

/** Content-store reference. */
type Ref = string;

export type QualityRequest = {
  /** A `Suite` as JSON. */
  readonly suite: Ref;
  readonly data: readonly string[];
  /** Data named for a table, by the table's name. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly interval?: DataInterval;
  /** Where violating rows are put aside, absolute; absent: where a contract asks for it, into the worker's folder. */
  readonly quarantine?: string;
  /** Reads also the files that are known. */
  readonly rescan?: boolean;
  /** Ids of the contracts that are checked, where it is not all of them: such a run says too little to be remembered. */
  readonly only?: readonly string[];
};

export type ReadSuiteInput = {
  readonly suite: SuiteFiles;
  /** In words when somebody else than our own programs started the run. */
  readonly interval?: DataInterval | string;
  readonly startedAtMs: number;
};

/** What the run needs of it, frozen. */
export type ReadSuiteResult = QualityRequest & { readonly suiteName: string; readonly interval: DataInterval };

export type OpenQualityRunInput = QualityRequest & {
  readonly startedAtMs: number;
};

export type OpenQualityRunResult = {
  readonly suiteName: string;
  readonly interval: DataInterval;
  readonly tables: readonly TableKey[];
  /** A `RunPlan` as JSON. */
  readonly plan: Ref;
};

export type CheckTableInput = { readonly plan: Ref; readonly key: TableKey };

export type CheckTableResult = {
  readonly counts: VerdictCounts;
  readonly rows: number | null;
  /** A `CheckedTable` as JSON. */
  readonly result: Ref;
};

/** A table that was checked, or why it was not. */
export type TableEnd = { readonly key: TableKey } & ({ readonly result: Ref } | { readonly problem: string });

export type FinishQualityRunInput = {
  readonly id: string;
  readonly runId: string;
  readonly plan: Ref;
  readonly tables: readonly TableEnd[];
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly warningsAsErrors: boolean;
  /** Whether what changed is told by alerts. */
  readonly alert: boolean;
  /** False: a run outside of the nights, which is no point of the history. Absent: it is one. */
  readonly remember?: boolean;
  readonly stopped?: string;
  /** Absolute; absent: the worker's folder of reports. */
  readonly outputFolder?: string;
  /** Absent: the usual ones. */
  readonly formats?: readonly string[];
  /** Whether the result document is wanted in the answer too, for those who cannot read the store. */
  readonly inlineResult?: boolean;
  readonly uiUrl?: string;
};

export type FinishQualityRunResult = {
  readonly exitCode: number;
  readonly headline: string;
  readonly counts: VerdictCounts;
  /** A `RunDocument` as JSON; absent when the store had no room for it, `inline` then holds the most of it. */
  readonly document?: Ref;
  readonly inline?: RunDocument;
  readonly files: readonly string[];
  /** Why results were made but not delivered. */
  readonly undelivered?: string;
  readonly datasets: readonly string[];
  /** Of all tables; absent where one was not counted, and in histories older than this field. */
  readonly rows?: number;
  /** The result document as JSON, shortened where it is large. */
  readonly result?: string;
};

export type QualityActivities = {
  readSuite(input: ReadSuiteInput): Promise<ReadSuiteResult>;
  openQualityRun(input: OpenQualityRunInput): Promise<OpenQualityRunResult>;
  checkTable(input: CheckTableInput): Promise<CheckTableResult>;
  finishQualityRun(input: FinishQualityRunInput): Promise<FinishQualityRunResult>;
};

/** A run of a suite from its question to its document: what is asked, what each table gave, what is delivered. */
import type { CheckVerdict, TableResult, VerdictCounts } from './check-result.ts';
import type { Contract, Unchecked } from './contract.ts';
import type { Silence } from './silences.ts';
import type { IncidentEvent } from './incidents.ts';

/** What the client puts into the content store; the workflow carries its reference. */
export type Suite = {
  readonly name: string;
  readonly contracts: readonly Contract[];
};

/** A suite by its files, which the worker reads when the run begins: as the command line takes them. */
export type SuiteFiles = {
  /** Contracts as files, folders or patterns, or one suite file. */
  readonly files: readonly string[];
  /** Files, folders, patterns, `TABLE=PATH`; `{date}` is of the interval. None: what the suite file or the contracts name. */
  readonly data?: readonly string[];
  /** Under which the history is kept. Absent: as the files say. */
  readonly name?: string;
  /** Absolute. Where relative paths begin; absent: the worker's own folder. */
  readonly folder?: string;
};

/** The data a run is about: its name in the history, and the moment the age of data is counted from. */
export type DataInterval = { readonly name: string; readonly endMs: number };

export type TableKey = { readonly contract: string; readonly table: string };

export type RunDocument = {
  readonly schema: 'dpa.quality/1';
  readonly id: string;
  readonly runId: string;
  readonly suite: string;
  readonly interval: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly result: CheckVerdict;
  readonly exitCode: number;
  readonly counts: VerdictCounts;
  readonly headline: string;
  readonly contracts: readonly { readonly id: string; readonly version: string; readonly name?: string }[];
  readonly tables: readonly TableResult[];
  /** Paths the data was read from, as they were named. */
  readonly data?: readonly string[];
  /** Rules that stand in the contracts and that no engine here evaluates. */
  readonly unchecked: readonly Unchecked[];
  readonly incidents: readonly IncidentEvent[];
  /** What people said of them. */
  readonly silences?: readonly Silence[];
  /** Earlier values of each check, oldest first, for the trend. */
  readonly trends: Readonly<Record<string, readonly TrendPoint[]>>;
  /** What went wrong beside the checks, a sentence each. */
  readonly problems: readonly string[];
  readonly stopped?: string;
  readonly uiUrl?: string;
};

export type TrendPoint = { readonly interval: string; readonly verdict: CheckVerdict; readonly value?: string };

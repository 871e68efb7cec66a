/** The activities of quality runs, given what they need from the outside. */
import type { QualitySource } from '../quality/ask.ts';
import type { Partials } from '../quality/increments.ts';
import type { HistoryPoint } from '../quality/points.ts';
import type { RunDocument, Suite, SuiteFiles } from '../quality/run.ts';
import type { Silence } from '../quality/silences.ts';
import type { Lineage } from '../lineage/send.ts';
import type { ContentStore } from '../store/content-store.ts';
import { createFinishQualityRun } from './quality-finish.ts';
import { createOpenQualityRun } from './quality-open.ts';
import type { QualityActivities } from './quality-contract.ts';
import { createReadSuite } from './quality-suite.ts';
import type { QuarantineFiles } from './quality-quarantine.ts';
import { createCheckTable } from './quality-table.ts';

export type QualityHistory = {
  /** The points of the intervals before this one, oldest first; what cannot be read is named in `problems` and kept aside. */
  before(
    suite: string,
    interval: string,
  ): Promise<{ readonly points: readonly HistoryPoint[]; readonly problems: readonly string[] }>;
  /** Replaces the point of its interval. */
  write(point: HistoryPoint): Promise<void>;
};

/** What is known of the files of tables; losing it costs a scan. */
export type QualityPartials = {
  /** Undefined where nothing is known. */
  read(table: string): Promise<Partials | undefined>;
  /** Never rejects. */
  write(table: string, partials: Partials): Promise<void>;
};

export type QualityDependencies = {
  readonly quarantineFiles: QuarantineFiles;
  /** Where rows are put aside when a contract asks for it. */
  readonly quarantineFolder: string;
  /** What people said of the suite's incidents. */
  readonly qualitySilences: { all(suite: string): Promise<readonly Silence[]> };
  readonly store: ContentStore;
  /** Rejects with `Config.NoTools` when no tool server offers what checks need. */
  readonly openQualitySource: (data: readonly string[], key: string, signal: AbortSignal) => Promise<QualitySource>;
  readonly qualityHistory: QualityHistory;
  readonly qualityPartials: QualityPartials;
  /** Tells what changed to whom it concerns; resolves with what could not be sent. */
  readonly sendAlerts: (document: RunDocument) => Promise<readonly string[]>;
  /** Tells OpenLineage's receiver; resolves with why it was not told. */
  readonly lineage: Lineage;
  /** Rejects with `Config.Invalid` when the files cannot be read as a suite. */
  readonly readSuiteFiles: (
    files: SuiteFiles,
    interval: string,
  ) => Promise<{
    readonly suite: Suite;
    readonly data: readonly string[];
    readonly aliases: Readonly<Record<string, string>>;
  }>;
  /** The result document as JSON, shortened where it is large. */
  readonly inlineResult: (document: RunDocument) => string;
  /** Writes the reports; never rejects for one that cannot be written. */
  readonly deliverQualityReport: (
    document: RunDocument,
    options: { readonly folder?: string; readonly formats?: readonly string[] },
  ) => Promise<{ readonly files: readonly string[]; readonly problems: readonly string[] }>;
};

export function createQualityActivities(dependencies: QualityDependencies): QualityActivities {
  return {
    readSuite: createReadSuite(dependencies),
    openQualityRun: createOpenQualityRun(dependencies),
    checkTable: createCheckTable(dependencies),
    finishQualityRun: createFinishQualityRun(dependencies),
  };
}

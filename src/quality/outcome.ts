/** What stands between an engine's numbers and a verdict: the numbers, what is known beside them, what is made of them. */
import type { CheckResult } from './check-result.ts';
import type { Table } from './contract.ts';
import type { ColumnKind, SourceColumn } from './dialect.ts';
import type { Distribution } from './drift.ts';
import type { Earlier } from './points.ts';

/** What the engine found for one check. Numbers of rows are after the filter. */
export type Outcome =
  | { readonly kind: 'counted'; readonly rows: bigint; readonly evaluated: bigint; readonly violating: bigint }
  | { readonly kind: 'measured'; readonly rows: bigint; readonly value: string | null }
  | { readonly kind: 'distribution'; readonly rows: bigint; readonly distribution: Distribution | undefined }
  | { readonly kind: 'columns'; readonly columns: readonly SourceColumn[] }
  | { readonly kind: 'unevaluable'; readonly reason: string };

export type JudgeContext = {
  readonly table: Table;
  readonly kindOf: (type: string) => ColumnKind;
  /** End of the data interval: what the age of data is counted from. */
  readonly intervalEndMs: number;
  /** As it stands in the history, for the weekday. */
  readonly interval: string;
  /** Strictly earlier points of this check, oldest first. */
  readonly earlier: readonly Earlier[];
  /** Columns of the last accepted run before. */
  readonly columnsBefore: readonly SourceColumn[] | undefined;
};

/** What is judged, before it is dressed up as a result. */
export type Judged = Pick<CheckResult, 'verdict' | 'reason' | 'expected'> &
  Partial<Pick<CheckResult, 'actual' | 'evaluatedRows' | 'violatingRows' | 'violatingPercent' | 'baseline'>>;

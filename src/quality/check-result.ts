/** What came of a check, of a table, of a run: plain JSON, the words that reports, histories and exit codes are made from. */
import type { Severity } from './check.ts';

export type CheckVerdict = 'passed' | 'warning' | 'failed' | 'error' | 'skipped' | 'learning';

export type Sample = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
  /** The statement that finds all of them, whoever wants more. */
  readonly statement: string;
  /** Columns left out because the contract classifies them. */
  readonly withheld: readonly string[];
};

/** What history made of a number: the range that was expected, and from how many earlier points. */
export type BaselineFacts = {
  readonly points: number;
  readonly median?: number;
  readonly mad?: number;
  readonly low?: number;
  readonly high?: number;
  readonly method: string;
};

/** Where the violating rows are: a value of another column that holds more of them than its share of the rows. */
export type Segment = {
  readonly column: string;
  /** The value is the beginning of this period: many moments are one. Of `file` it is the path, and the column the source's own. */
  readonly by?: 'hour' | 'day' | 'week' | 'month' | 'file';
  readonly value: string | null;
  readonly violating: number;
  readonly rows: number;
  /** Of the violating rows, 0 to 1. */
  readonly share: number;
};

/** A value of a column that has other rows than usual, where a table has fewer or more of them. */
export type MovedRows = {
  readonly column: string;
  readonly value: string;
  readonly rows: number;
  readonly usual: number;
};

export type CheckResult = {
  readonly id: string;
  readonly contract: string;
  readonly definitionHash: string;
  readonly name: string;
  readonly kind: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly severity: Severity;
  readonly dimension: string;
  readonly owner?: string;
  readonly tags: readonly string[];
  readonly verdict: CheckVerdict;
  /** One sentence: what was expected and what was found, or why there is no verdict. */
  readonly reason: string;
  readonly expected: string;
  /** The number that was judged, as the engine wrote it. */
  readonly actual?: string;
  readonly evaluatedRows?: number;
  readonly violatingRows?: number;
  readonly violatingPercent?: number;
  readonly statement?: string;
  readonly sample?: Sample;
  readonly segments?: readonly Segment[];
  readonly movedRows?: readonly MovedRows[];
  readonly baseline?: BaselineFacts;
  readonly place?: Place;
};

/** Where the rule stands: a file seen from the project, lines from 1. */
export type Place = { readonly file: string; readonly line: number };

/** Rows put aside: where, how many, of which checks, found by what; or why they were not. */
export type Quarantine =
  | {
      readonly file: string;
      readonly rows: number;
      readonly checks: readonly string[];
      readonly dataset: string;
      readonly statement: string;
    }
  | { readonly problem: string };

export type TableResult = {
  readonly table: string;
  readonly contract: string;
  readonly dataset?: string;
  readonly rows?: number;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly checks: readonly CheckResult[];
  readonly statements: number;
  /** Files of its data, and how many of them were read: what is known of the others was not asked for again. */
  readonly files?: { readonly total: number; readonly read: number };
  readonly quarantine?: Quarantine;
  readonly elapsedMs: number;
};

const worseFirst: readonly CheckVerdict[] = ['error', 'failed', 'warning', 'passed', 'learning', 'skipped'];

/** The worst of them; nothing at all is `skipped`. */
export function worstOf(verdicts: readonly CheckVerdict[]): CheckVerdict {
  return worseFirst.find((verdict) => verdicts.includes(verdict)) ?? 'skipped';
}

export function worstOfCounts(counts: VerdictCounts): CheckVerdict {
  return worstOf(worseFirst.filter((verdict) => counts[verdict] > 0));
}

export type VerdictCounts = Readonly<Record<CheckVerdict, number>>;

export function countVerdicts(verdicts: readonly CheckVerdict[]): VerdictCounts {
  const counts = { passed: 0, warning: 0, failed: 0, error: 0, skipped: 0, learning: 0 };
  for (const verdict of verdicts) counts[verdict]++;
  return counts;
}

/** 3 something could not be evaluated, 1 a check failed, 2 warnings only and they count, 0 else. Nothing looked at is never green. */
export function exitCodeOf(counts: VerdictCounts, warningsAsErrors: boolean): number {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (counts.error > 0 || total === 0) return 3;
  if (counts.failed > 0) return 1;
  return counts.warning > 0 && warningsAsErrors ? 2 : 0;
}

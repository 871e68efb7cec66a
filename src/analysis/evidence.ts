/** Findings and the numbers in them: each number leads to a cell of a tool result, or is derived from such cells. */
import type { DerivationName } from './derivations.ts';

/** Where a number comes from. Rows count from 0; columns by name. */
export type Source =
  | { readonly kind: 'cell'; readonly call: string; readonly row: number; readonly column: string }
  | { readonly kind: 'derived'; readonly op: DerivationName; readonly of: readonly Source[] };

/** How a number is written. `percent` shows a fraction times 100; `points` a difference of fractions in percentage points. */
export type NumberFormat = {
  readonly style: 'count' | 'decimal' | 'percent' | 'points' | 'times';
  readonly digits?: number;
};

/** One number of a statement: its full-precision value, its written form, its source. */
export type Quantity = {
  readonly value: number;
  readonly format: NumberFormat;
  readonly source: Source;
};

/**
 * One statement of the answer. `statement` holds `{0}`, `{1}`, … where the quantities stand, so that no number is
 * written by hand; names and values of the data stand in back-quotes.
 */
export type Finding = {
  readonly statement: string;
  readonly quantities: readonly Quantity[];
  readonly severity: 'key' | 'supporting' | 'caveat';
  /** A small chart beside the statement, drawn from one tool result. */
  readonly chart?: Chart;
};

export type Chart = {
  readonly kind: 'bars' | 'line';
  readonly title: string;
  readonly call: string;
  readonly label: string;
  readonly value: string;
  readonly format: NumberFormat;
};

/** What the model submits as its result. `headline` is plain words without any number of its own. */
export type Submission = {
  readonly headline: string;
  readonly findings: readonly Finding[];
  /** What was not or could not be done, and what would be needed. */
  readonly limits: readonly string[];
  /** True when something that was asked could not be evaluated: the analysis then never ends as a plain success. */
  readonly incomplete?: boolean;
};

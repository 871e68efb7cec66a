/** How an engine is asked: one statement in, its rows or its refusal out. */
import type { SourceColumn } from './dialect.ts';

export type Cell = string | number | boolean | null;

/** A statement's answer. A refused one is about the statement; what may go away by itself is thrown instead. */
export type Answer =
  | {
      readonly kind: 'rows';
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly kind: 'refused'; readonly reason: string; readonly aboutData: boolean };

export type Ask = (
  statement: string,
  options: { readonly maxRows: number; readonly maxBytes?: number; readonly purpose: string },
) => Promise<Answer>;

/** The data of a run: which datasets there are, what columns they have, one statement asked. */
export type QualitySource = {
  /** Names, each with the sentence that says why it cannot be read, or null. */
  datasets(): Promise<readonly { readonly name: string; readonly problem: string | null }[]>;
  /** A refusal, as of a file that broke, is an answer. */
  columns(dataset: string): Promise<readonly SourceColumn[] | { readonly problem: string }>;
  readonly ask: Ask;
};

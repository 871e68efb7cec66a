/** How an engine is asked: one statement in, its rows or its refusal out. */
import type { SourceColumn } from './dialect.ts';

export type Cell = string | number | boolean | null;

/** A statement's answer. A refused one is about the statement; what may go away by itself is thrown instead. */
export type Answer =
  | {
      readonly kind: 'rows';
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      readonly rows: readonly (readonly Cell[])[];
      /** There were more rows than were asked for. */
      readonly truncated?: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: string; readonly aboutData: boolean };

export type Ask = (
  statement: string,
  options: {
    readonly maxRows: number;
    readonly maxBytes?: number;
    readonly purpose: string;
    /** These files of the dataset only, else all; the column `dpa_file` then names that of each row. */
    readonly files?: { readonly dataset: string; readonly only?: readonly string[] };
  },
) => Promise<Answer>;

/** The data of a run: which datasets there are, what columns they have, one statement asked. */
export type QualitySource = {
  /** Names, each with the sentence that says why it cannot be read, or null. */
  datasets(): Promise<readonly { readonly name: string; readonly problem: string | null }[]>;
  /** A refusal, as of a file that broke, is an answer. */
  columns(dataset: string): Promise<readonly SourceColumn[] | { readonly problem: string }>;
  /** The files a dataset is made of; undefined where the source has none, or does not tell. */
  files(dataset: string): Promise<readonly SourceFile[] | undefined>;
  readonly ask: Ask;
};

/** `identity` changes whenever the file is written. */
export type SourceFile = { readonly path: string; readonly identity: string };

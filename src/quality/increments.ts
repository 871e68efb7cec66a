/** What is known of a table's files from the last time they were read, so that those that did not change are not read again. */
import type { Answer, Cell, SourceFile } from './ask.ts';

/** Numbers of the files as they were; of one that has changed or gone nothing is kept. */
export type Partials = {
  readonly schema: 'dpa.quality-partials/1';
  /** Of the columns and the engine: with others the same SQL may mean something else. */
  readonly basis: string;
  /** The aggregates' hashes, in the order of the cells. */
  readonly aggregates: readonly string[];
  /** By path; null is a file without rows. */
  readonly files: Readonly<Record<string, { readonly identity: string; readonly cells: readonly Cell[] | null }>>;
  /** Answers about all files at once, by the statement's hash. */
  readonly whole: Readonly<Record<string, WholeAnswer>>;
};

/** `set` is the identity of all the files it was asked of. */
export type WholeAnswer = { readonly set: string; readonly answer: Extract<Answer, { kind: 'rows' }> };

export type Increments = {
  readonly files: readonly SourceFile[];
  readonly known: Partials | undefined;
  readonly basis: string;
  /** The identity of all files of a dataset; undefined where it cannot be told. */
  readonly setOf: (dataset: string) => Promise<string | undefined>;
  readonly hash: (text: string) => string;
};

/** What the author of a contract may write that says something else at another time, or of another table. */
const changeable =
  /\b(now|today|random|uuid\w*|gen_random_uuid|nextval|currval|setseed|age|current_\w+|get_current_\w+|transaction_timestamp|localtime\w*|select|from)\b/i;

/** Whether an expression says the same of the same rows, whenever it is asked. Doubt costs a scan and no truth. */
export function isLasting(sql: string): boolean {
  // What stands in quotes is a name or a text.
  return !changeable.test(sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ''));
}

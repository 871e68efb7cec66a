/** Every limit of this server by name, with its unit at the end. */
import { totalmem } from 'node:os';

const kib = 1024;
const mib = 1024 * kib;

export const limits = {
  /** Rows of a result: what a caller gets without asking, and the most it may ask for. */
  defaultRows: 200,
  sampleRows: 20,
  maxRows: 10_000,
  /** JSON size of the rows of a result. Larger answers belong into an aggregate. */
  defaultResultBytes: 64 * kib,
  maxResultBytes: mib,
  maxCellBytes: 2 * kib,
  blobPreviewBytes: 32,

  maxSqlBytes: 64 * kib,
  maxPurposeChars: 200,
  /** Depth of the parse tree the guard walks; deeper is refused. */
  maxTreeDepth: 500,
  statementTimeoutMs: 30_000,
  maxStatementTimeoutMs: 600_000,
  /** Finding out the columns, types and rows of one dataset. */
  prepareTimeoutMs: 120_000,
  profileTimeoutMs: 300_000,
  /** How long an interrupted statement may take to end before the caller is answered without it. */
  interruptGraceMs: 2_000,
  /** How often an interrupt is repeated: the first may come before the engine has started. */
  interruptEveryMs: 50,

  maxFiles: 10_000,
  maxDatasets: 500,
  /** Datasets whose columns are found out at the same time. */
  prepareConcurrency: 2,
  /** DuckDB refuses longer CSV lines; we look for the first line end ourselves so that a huge line costs nothing. */
  maxLineBytes: 2 * mib,
  /** Text files up to this size are read whole to find the types, so that no later row can break a query. */
  wholeFileSniffBytes: 512 * mib,
  /** Rows read to find the types of larger files. */
  largeFileSniffRows: 500_000,
  maxJsonObjectBytes: 16 * mib,

  /** Profiles are exact up to this many rows; above, distinct counts and quantiles are sketches, values a sample. */
  exactProfileRows: 5_000_000,
  /** Rows of the sample that larger datasets are profiled on. */
  profileSampleRows: 1_000_000,
  /** Distinct values of a column whose patterns are all computed; of more, a sample (a pattern costs 4 microseconds). */
  exactPatternValues: 100_000,
  /** Columns profiled by one statement; GROUPING_ID has 63 bits. */
  profileColumnsPerStatement: 40,
  profileTopValues: 10,
  profilePatterns: 8,
  profileTextChars: 80,
  maxProfileColumns: 200,

  engineThreads: 4,
  engineMemoryMib: Math.max(512, Math.min(4096, Math.floor(totalmem() / mib / 4))),
  /** A list in one cell may outgrow the engine's own limit; the program ends before the machine suffers. */
  maxResidentMib: Math.max(512, Math.min(4096, Math.floor(totalmem() / mib / 4))) + 2048,
  residentCheckMs: 250,
} as const;

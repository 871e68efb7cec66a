/** The envelope of every result: the data, and what one must know to judge it. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Table } from './cells.ts';
import { errorClasses } from './errors.ts';
import type { ErrorBody } from './errors.ts';
import { limits } from './limits.ts';

export const serverName = 'data-lake';

const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const tableSchema = z.strictObject({
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(cellSchema)),
});

const truncationSchema = z.strictObject({
  reason: z.enum(['rows', 'bytes', 'cells']),
  limit: z.int().describe('The limit that was reached: a row count, or bytes.'),
  cells: z.int().optional().describe('How many cells were shortened (reason cells).'),
});

const samplingSchema = z.strictObject({ method: z.string(), note: z.string() });

const metaSchema = z.strictObject({
  server: z.string(),
  datasets: z.array(z.string()).describe('Names of the datasets that were read.'),
  statement: z.string().optional().describe('The SQL that made the data.'),
  returnedRows: z.int(),
  totalRows: z.int().nullable().describe('Rows there would be without limits; null when unknown.'),
  truncated: z.boolean().describe('True when rows or parts of cells are missing. Never add up a truncated result.'),
  truncation: z.array(truncationSchema).optional(),
  asOf: z.string().nullable().describe('Newest modification time of the files that were read.'),
  elapsedMs: z.number(),
  bytesScanned: z.int().describe('Size of the files that were read: an upper bound of what the engine scanned.'),
  classification: z.enum(['public', 'internal', 'confidential', 'restricted']),
  redactions: z.array(z.string()),
  sampling: samplingSchema.nullable().describe('Null: every row was looked at, nothing is estimated.'),
  fingerprint: z.string().describe('SHA-256 of the data as canonical JSON.'),
});

const errorSchema = z.strictObject({
  code: z.string(),
  class: z.enum(errorClasses),
  message: z.string(),
  retryable: z.boolean(),
  hint: z.string(),
  suggestions: z.array(z.string()).optional(),
});

/** MCP wants one object schema for success and failure: `ok` tells which of `data`+`meta` and `error` is there. */
export const envelopeSchema = z.strictObject({
  ok: z.boolean(),
  data: tableSchema.optional(),
  meta: metaSchema.optional(),
  error: errorSchema.optional(),
});

type Meta = z.infer<typeof metaSchema>;
export type Truncation = z.infer<typeof truncationSchema>;
export type Sampling = z.infer<typeof samplingSchema>;
export type Success = { readonly ok: true; readonly data: Table; readonly meta: Meta };
export type Failure = { readonly ok: false; readonly error: ErrorBody };

/** What a tool has to say; the envelope adds the rest. */
export type Outcome = {
  readonly data: Table;
  readonly datasets: readonly { readonly name: string; readonly bytes: number; readonly newestMs: number }[];
  readonly statement?: string | undefined;
  readonly totalRows: number | null;
  readonly truncation?: readonly Truncation[];
  readonly sampling?: Sampling | null;
};

/** The last limit on size is here, for the tools whose rows grow with the number of datasets or columns. */
export function success(outcome: Outcome, elapsedMs: number): Success {
  const { datasets, statement, totalRows, sampling = null } = outcome;
  const data = fitted(outcome.data);
  const isCut = data.rows.length < outcome.data.rows.length;
  const cut: Truncation[] = isCut ? [{ reason: 'bytes', limit: limits.maxResultBytes }] : [];
  const truncation = [...(outcome.truncation ?? []), ...cut];
  const newestMs = Math.max(0, ...datasets.map((dataset) => dataset.newestMs));
  return {
    ok: true,
    data,
    meta: {
      server: serverName,
      datasets: datasets.map((dataset) => dataset.name),
      ...(statement === undefined ? {} : { statement }),
      returnedRows: data.rows.length,
      totalRows,
      truncated: truncation.length > 0,
      ...(truncation.length > 0 ? { truncation } : {}),
      asOf: newestMs > 0 ? new Date(newestMs).toISOString() : null,
      elapsedMs: Math.round(elapsedMs * 10) / 10,
      bytesScanned: datasets.reduce((sum, dataset) => sum + dataset.bytes, 0),
      // Files carry no classification of their own; the cautious middle keeps them out of public places.
      classification: 'internal',
      redactions: [],
      sampling,
      fingerprint: fingerprintOf(data),
    },
  };
}

function fitted(data: Table): Table {
  let bytes = 0;
  const end = data.rows.findIndex((row) => {
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
    return bytes > limits.maxResultBytes;
  });
  return end < 0 ? data : { columns: data.columns, rows: data.rows.slice(0, end) };
}

/** Column order and row order count; the order of object keys is fixed here. */
export function fingerprintOf(data: Table): string {
  const columns = data.columns.map(({ name, type }) => ({ name, type }));
  const canonical = JSON.stringify({ columns, rows: data.rows });
  return `sha256:${createHash('sha256').update(canonical).digest('hex')}`;
}

/** query: read-only SQL over the datasets. */
import * as z from 'zod';
import { ToolError, unknownName } from '../errors.ts';
import { quoted } from '../identifiers.ts';
import { checkStatement } from '../guard.ts';
import { limits } from '../limits.ts';
import type { PreparedDataset } from '../prepare.ts';
import { defineTool } from '../tool.ts';

const fileColumn = 'dpa_file';

export const query = defineTool({
  name: 'query',
  title: 'Query datasets with SQL',
  description:
    'Runs one read-only SELECT in DuckDB SQL (or EXPLAIN of one) over the datasets, whose names are the table names. Prefer aggregates: a result is cut at max_rows and max_bytes and says so in meta.truncated; never add up a truncated result. Put column names with spaces or signs in double quotes. Columns that hold dirty values are VARCHAR: use TRY_CAST.',
  input: {
    sql: z.string().describe('One SELECT statement.'),
    purpose: z
      .string()
      .max(limits.maxPurposeChars)
      .optional()
      .describe('What the query is for, in a few words: shown to people beside it, not executed.'),
    max_rows: z.int().min(1).max(limits.maxRows).default(limits.defaultRows).describe('Most rows to return.'),
    max_bytes: z
      .int()
      .min(1024)
      .max(limits.maxResultBytes)
      .default(limits.defaultResultBytes)
      .describe('Most bytes of rows, as JSON, to return.'),
    files: z
      .strictObject({
        dataset: z.string().describe('A name from list_datasets.'),
        only: z.array(z.string()).min(1).max(limits.maxFiles).optional().describe('Files from list_files; else all.'),
      })
      .optional()
      .describe(`Reads only these files of one dataset, which then has a column ${fileColumn}: the file of each row.`),
    timeout_ms: z
      .int()
      .min(1)
      .max(limits.maxStatementTimeoutMs)
      .default(limits.statementTimeoutMs)
      .describe('The statement is stopped after this time.'),
  },
  dataType: 'tabular',
  securityLevel: 1,
  run: async ({ sql, files, max_rows: maxRows, max_bytes: maxBytes, timeout_ms: timeoutMs }, { snapshot, signal }) => {
    const { engine, names, readable } = snapshot;
    const checked = await checkStatement(engine, names, sql);
    const datasets = await Promise.all(checked.datasets.map(readable));
    const before = files === undefined ? undefined : viewOf(await readable(files.dataset), files.only);
    const options = { signal, maxRows, maxBytes, timeoutMs, onlyReads: true, before };
    const result = await engine.run(checked.sql, options).catch((error: unknown) => {
      throw withColumnNames(error, datasets);
    });
    const totalRows = result.complete ? result.table.rows.length : null;
    return { data: result.table, datasets, statement: sql, totalRows, truncation: result.truncation };
  },
});

/** A view of the connection alone, which hides the dataset's own. */
function viewOf({ name, dataset, select }: PreparedDataset, only: readonly string[] | undefined): string {
  const known = new Map(dataset.files.map((file) => [file.path, file]));
  const files = (only ?? [...known.keys()]).map((path) => {
    const file = known.get(path);
    if (file === undefined) throw unknownName('file', path, [...known.keys()]);
    return file;
  });
  return `CREATE TEMP VIEW ${quoted(name)} AS ${select(files, fileColumn)}`;
}

/** The engine knows which column is missing; we know which columns there are. */
function withColumnNames(error: unknown, datasets: readonly PreparedDataset[]): unknown {
  if (!(error instanceof ToolError) || error.body.code !== 'unknown_column') return error;
  const wanted = /column (?:named )?"((?:[^"]|"")+)"/i.exec(error.message)?.[1];
  const columns = [...new Set(datasets.flatMap((dataset) => dataset.columns.map((column) => column.name)))];
  if (wanted === undefined || columns.length === 0) return error;
  const { hint, suggestions = [] } = unknownName('column', wanted, columns).body;
  const all = [...new Set([...suggestions, ...(error.body.suggestions ?? [])])];
  return new ToolError({ ...error.body, hint, suggestions: all }, error);
}

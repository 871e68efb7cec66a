/** query: read-only SQL over the datasets. */
import * as z from 'zod';
import { checkStatement } from '../guard.ts';
import { limits } from '../limits.ts';
import { defineTool } from '../tool.ts';

export const query = defineTool({
  name: 'query',
  title: 'Query datasets with SQL',
  description:
    'Runs one read-only SELECT (DuckDB SQL; EXPLAIN too) over the datasets, whose names are the table names. Prefer aggregates: a result is cut at max_rows and max_bytes, and says so in meta.truncated. Quote column names with spaces or capitals-only differences in double quotes.',
  input: {
    sql: z.string().describe('One SELECT statement in DuckDB SQL.'),
    max_rows: z.int().min(1).max(limits.maxRows).default(limits.defaultRows).describe('Most rows to return.'),
    max_bytes: z
      .int()
      .min(1024)
      .max(limits.maxResultBytes)
      .default(limits.defaultResultBytes)
      .describe('Most bytes of rows (as JSON) to return.'),
    timeout_ms: z
      .int()
      .min(1)
      .max(limits.maxStatementTimeoutMs)
      .default(limits.statementTimeoutMs)
      .describe('The statement is stopped after this time.'),
  },
  dataType: 'tabular',
  securityLevel: 1,
  run: async ({ sql, max_rows: maxRows, max_bytes: maxBytes, timeout_ms: timeoutMs }, { snapshot, signal }) => {
    const checked = await checkStatement(snapshot, sql);
    const datasets = await Promise.all(checked.datasets.map((name) => snapshot.readable(name)));
    const { table, truncation, complete } = await snapshot.engine.run(checked.sql, {
      signal,
      maxRows,
      maxBytes,
      timeoutMs,
    });
    return { data: table, datasets, statement: sql, totalRows: complete ? table.rows.length : null, truncation };
  },
});

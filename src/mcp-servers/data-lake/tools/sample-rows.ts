/** sample_rows: the first rows of a dataset, as they are. */
import * as z from 'zod';
import { columnsNamed } from '../columns.ts';
import { quoted } from '../identifiers.ts';
import { limits } from '../limits.ts';
import { defineTool } from '../tool.ts';

export const sampleRows = defineTool({
  name: 'sample_rows',
  title: 'Show first rows',
  description:
    'Returns the first rows of a dataset, always the same ones, to see what values look like. Not a random sample: never compute a number from it.',
  input: {
    dataset: z.string().describe('A name from list_datasets.'),
    columns: z.array(z.string()).min(1).optional().describe('Only these columns; all when absent.'),
    limit: z.int().min(1).max(limits.maxRows).default(limits.sampleRows).describe('How many rows.'),
  },
  dataType: 'tabular',
  securityLevel: 1,
  run: async ({ dataset: name, columns, limit }, { snapshot, signal }) => {
    const dataset = await snapshot.readable(name);
    const chosen = columnsNamed(dataset, columns);
    const statement = `SELECT ${chosen.map((column) => quoted(column.name)).join(', ')} FROM ${quoted(dataset.name)}`;
    const { table, truncation } = await snapshot.engine.run(`${statement} LIMIT ${limit + 1}`, {
      signal,
      maxRows: limit,
    });
    return {
      data: table,
      datasets: [dataset],
      statement: `${statement} LIMIT ${limit}`,
      totalRows: dataset.rows,
      truncation,
      sampling: { method: 'first rows', note: `The first ${table.rows.length} rows in file order.` },
    };
  },
});

/** describe_dataset: the columns of one dataset. */
import * as z from 'zod';
import { cutCell } from '../cells.ts';
import type { Cell } from '../cells.ts';
import { quoted } from '../identifiers.ts';
import { defineTool } from '../tool.ts';

export const describeDataset = defineTool({
  name: 'describe_dataset',
  title: 'Describe a dataset',
  description:
    'Returns one row per column of a dataset: name, type, whether it holds NULL within the first rows, and an example value. Cheap: looks only at the first rows.',
  input: { dataset: z.string().describe('A name from list_datasets.') },
  dataType: 'metadata',
  securityLevel: 0,
  run: async ({ dataset: name }, { snapshot, signal }) => {
    const dataset = await snapshot.readable(name);
    const first = await snapshot.engine.run(`SELECT * FROM ${quoted(dataset.name)} LIMIT ${exampleRows}`, {
      signal,
      maxRows: exampleRows,
      maxBytes: Infinity,
    });
    const rows = dataset.columns.map(({ name: column, type }, index): Cell[] => {
      const example = first.table.rows.map((row) => row[index] ?? null).find((cell) => cell !== null) ?? null;
      return [column, type, true, shortened(example)];
    });
    return { data: { columns: describeColumns, rows }, datasets: [dataset], totalRows: rows.length };
  },
});

const exampleRows = 100;
const maxExampleChars = 120;

function shortened(cell: Cell): Cell {
  if (cell === null) return null;
  const text = cutCell(cell) ?? String(cell);
  return text.length > maxExampleChars ? `${text.slice(0, maxExampleChars)}…` : text;
}

const describeColumns = [
  { name: 'column', type: 'VARCHAR' },
  { name: 'type', type: 'VARCHAR' },
  { name: 'nullable', type: 'BOOLEAN' },
  { name: 'example', type: 'VARCHAR' },
];

/** list_files: the files of one dataset, each with what tells whether it is still the same. */
import * as z from 'zod';
import type { Cell } from '../cells.ts';
import { identityOf } from '../file-identity.ts';
import { defineTool } from '../tool.ts';

export const listFiles = defineTool({
  name: 'list_files',
  title: 'List the files of a dataset',
  description:
    'Lists the files a dataset is made of, with their bytes and an identity that changes whenever a file is written. For those who want to read only what is new: query takes the paths in its argument files.',
  input: { dataset: z.string().describe('A name from list_datasets.') },
  dataType: 'metadata',
  securityLevel: 0,
  run: async ({ dataset: name }, { snapshot }) => {
    const dataset = await snapshot.readable(name);
    const rows: Cell[][] = [];
    for (const { path, bytes } of dataset.dataset.files) rows.push([path, bytes, await identityOf(path)]);
    return { data: { columns: fileColumns, rows }, datasets: [dataset], totalRows: rows.length };
  },
});

const fileColumns = [
  { name: 'file', type: 'VARCHAR' },
  { name: 'bytes', type: 'DOUBLE' },
  { name: 'identity', type: 'VARCHAR' },
];

/** list_datasets: what can be queried here, and what is wrong with what cannot. */
import { defineTool } from '../tool.ts';

export const listDatasets = defineTool({
  name: 'list_datasets',
  title: 'List datasets',
  description:
    'Lists every dataset with format, number of files, bytes, rows, number of columns, and the problem when it cannot be read. The names are what the other tools take and what SQL uses as table names.',
  input: {},
  dataType: 'metadata',
  securityLevel: 0,
  run: async (_args, { snapshot }) => {
    const datasets = await snapshot.allPrepared();
    const rows = datasets.map(({ name, dataset, bytes, rows: count, columns, problem }) => {
      return [
        name,
        dataset.format,
        dataset.files.length,
        bytes,
        count,
        problem === null ? columns.length : null,
        problem,
      ];
    });
    return { data: { columns: listColumns, rows }, datasets, totalRows: rows.length };
  },
});

const listColumns = [
  { name: 'dataset', type: 'VARCHAR' },
  { name: 'format', type: 'VARCHAR' },
  { name: 'files', type: 'INTEGER' },
  { name: 'bytes', type: 'DOUBLE' },
  { name: 'rows', type: 'DOUBLE' },
  { name: 'columns', type: 'INTEGER' },
  { name: 'problem', type: 'VARCHAR' },
];

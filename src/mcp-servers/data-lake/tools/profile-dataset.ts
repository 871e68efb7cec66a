/** profile_dataset: what the values of the columns are like, in one scan for all of them. */
import * as z from 'zod';
import { columnsNamed } from '../columns.ts';
import { badArguments } from '../errors.ts';
import { limits } from '../limits.ts';
import { profileColumns, profileOf } from '../profile.ts';
import { defineTool } from '../tool.ts';

export const profileDataset = defineTool({
  name: 'profile_dataset',
  title: 'Profile a dataset',
  description:
    'Returns one row per column: rows, nulls, distinct values, min, max, mean, stddev, quartiles, text lengths, how many texts are numbers (numeric_text), the ten most frequent values as JSON [[value,count],…] and the eight most frequent patterns as JSON [[pattern,count,example],…], where 9 is a digit and a/A a run of small/capital letters. Name few columns to keep the result small.',
  input: {
    dataset: z.string().describe('A name from list_datasets.'),
    columns: z.array(z.string()).min(1).optional().describe('Only these columns; all when absent.'),
  },
  dataType: 'tabular',
  securityLevel: 1,
  run: async ({ dataset: name, columns }, { snapshot, signal }) => {
    const dataset = await snapshot.readable(name);
    const chosen = columnsNamed(dataset, columns);
    if (chosen.length > limits.maxProfileColumns) {
      throw badArguments(
        `Expected at most ${limits.maxProfileColumns} columns, found ${chosen.length}.`,
        'Name the columns to profile in the argument columns.',
      );
    }
    const { rows, sampling } = await profileOf(snapshot.engine, dataset, chosen, signal);
    return {
      data: { columns: profileColumns, rows },
      datasets: [dataset],
      totalRows: rows.length,
      sampling,
    };
  },
});

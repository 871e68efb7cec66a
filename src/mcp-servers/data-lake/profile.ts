/** The profile of columns: one statement of aggregates and one of values and patterns for up to forty columns. */
import type { Cell, Column } from './cells.ts';
import type { Engine } from './engine.ts';
import type { Sampling } from './envelope.ts';
import { limits } from './limits.ts';
import type { PreparedDataset } from './prepare.ts';
import { aggregatesPerColumn, aggregateStatement, isText } from './profile-aggregates.ts';
import { valuesStatement } from './profile-values.ts';

export const profileColumns: readonly Column[] = [
  ['column', 'VARCHAR'],
  ['type', 'VARCHAR'],
  ['rows', 'BIGINT'],
  ['nulls', 'BIGINT'],
  ['distinct', 'BIGINT'],
  ['min', 'VARCHAR'],
  ['max', 'VARCHAR'],
  ['mean', 'DOUBLE'],
  ['stddev', 'DOUBLE'],
  ['p25', 'DOUBLE'],
  ['p50', 'DOUBLE'],
  ['p75', 'DOUBLE'],
  ['min_length', 'BIGINT'],
  ['max_length', 'BIGINT'],
  ['numeric_text', 'BIGINT'],
  ['top_values', 'VARCHAR'],
  ['patterns', 'VARCHAR'],
].map(([name, type]) => ({ name: name!, type: type! }));

/** One row of `profileColumns` per column. Everything is exact unless `sampling` says otherwise. */
export async function profileOf(
  engine: Engine,
  dataset: PreparedDataset,
  columns: readonly Column[],
  signal: AbortSignal,
): Promise<{ readonly rows: Cell[][]; readonly sampling: Sampling | null }> {
  const isExact = (dataset.rows ?? 0) <= limits.exactProfileRows;
  const options = { signal, timeoutMs: limits.profileTimeoutMs };
  const rows: Cell[][] = [];
  const partlySampled: string[] = [];
  for (let at = 0; at < columns.length; at += limits.profileColumnsPerStatement) {
    const group = columns.slice(at, at + limits.profileColumnsPerStatement);
    const [aggregates = []] = await engine.runAll(aggregateStatement(dataset, group, isExact), options);
    const cells = group.map((_, index) => {
      const start = 1 + index * aggregatesPerColumn;
      return aggregates.slice(start, start + aggregatesPerColumn);
    });
    const distinct = cells.map((cell) => Number(cell[1]));
    const values = await engine.runAll(valuesStatement(dataset, group, distinct), options);
    group.forEach((column, index) => {
      const [nonNull, ...rest] = cells[index]!;
      const [, top, patterns] = values.find(([position]) => Number(position) === index) ?? [null, '[]', '[]'];
      const nulls = String(Number(aggregates[0]) - Number(nonNull));
      rows.push([column.name, column.type, aggregates[0]!, nulls, ...rest, top!, isText(column) ? patterns! : null]);
      if (isText(column) && distinct[index]! > limits.exactPatternValues) partlySampled.push(column.name);
    });
  }
  return { rows, sampling: samplingOf(isExact, partlySampled) };
}

function samplingOf(isExact: boolean, partlySampled: readonly string[]): Sampling | null {
  if (!isExact) {
    const note = `More than ${limits.exactProfileRows} rows: rows, nulls, min, max, mean, stddev, lengths and numeric_text are exact; distinct and quartiles are sketches (about 2 % off); counts in top_values and patterns are of a sample of about ${limits.profileSampleRows} rows chosen by hash.`;
    return { method: 'sketch and hash sample', note };
  }
  if (partlySampled.length === 0) return null;
  const note = `All else is exact, but the patterns of ${partlySampled.join(', ')} are counted over about ${limits.exactPatternValues} of the distinct values, chosen by hash.`;
  return { method: 'hash sample of patterns', note };
}

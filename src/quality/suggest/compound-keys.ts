/** Finds the columns that are unique together where none is alone: pairs, then threes, whose uniqueness chance would not make. */
import type { Ask } from '../ask.ts';
import { asText, identifier } from './sql-text.ts';
import { rowsOf, type ColumnStudy, type Study } from './study.ts';
import { confidence, counted, type Suggestion } from './suggestion.ts';

const FEW_ROWS = 20;
/** Columns tried together: the first of a table, where keys stand. */
const MAX_COLUMNS = 10;
/** Longer values are texts, not keys. */
const MAX_KEY_CHARACTERS = 100;
/** Rows that must differ before all rows are counted. */
const SAMPLED_ROWS = 20_000;
/** Rows that would share their values if the columns knew nothing of each other: with fewer, that none does proves little. */
const EXPECTED_REPEATS = 10;
/** Parts of a key, at most: of more columns nearly any table has one. */
const MAX_PARTS = 3;

/** Empty when there is none. Measures and columns with empty cells are no part of a key. */
export async function compoundKey(ask: Ask, study: Study): Promise<readonly ColumnStudy[]> {
  if (study.rows < FEW_ROWS) return [];
  const columns = study.columns.filter((column) => mayBePart(column, study.rows)).slice(0, MAX_COLUMNS);
  for (let parts = 2; parts <= MAX_PARTS; parts++) {
    const tried = combinations(columns, parts).filter((key) => expectedRepeats(key, study.rows) >= EXPECTED_REPEATS);
    const sampled = await uniqueIn(ask, study, tried, SAMPLED_ROWS);
    for (const key of sampled) {
      const [found] = await uniqueIn(ask, study, [key], undefined);
      if (found !== undefined) return found;
    }
  }
  return [];
}

export function suggestCompoundKey(key: readonly ColumnStudy[], rows: number): Suggestion[] {
  return key.map((column, index) => {
    const others = key.filter((one) => one !== column).map(({ name }) => name);
    return {
      column: column.name,
      proposal: { kind: 'attribute', keys: { primaryKey: true, primaryKeyPosition: index + 1 } },
      evidence: `together with ${others.join(' and ')} it is different in each of ${counted(rows)} rows`,
      confidence: confidence(rows, rows),
    };
  });
}

function mayBePart({ type, nulls, distinct, longest }: ColumnStudy, rows: number): boolean {
  const isMeasure = /^(?:DOUBLE|FLOAT|REAL|DECIMAL|BOOLEAN|STRUCT|MAP|UNION)|\[\d*\]$/i.test(type);
  return nulls === 0 && distinct > 1 && distinct < rows && longest <= MAX_KEY_CHARACTERS && !isMeasure;
}

/** Pairs of rows that are equal in all of these, were they drawn independently from as many values as there are. */
function expectedRepeats(key: readonly ColumnStudy[], rows: number): number {
  return (rows * (rows - 1)) / 2 / key.reduce((product, { distinct }) => product * distinct, 1);
}

/** Those of the keys that no two rows share, of the first rows or of all. */
async function uniqueIn(
  ask: Ask,
  { dataset }: Study,
  keys: readonly (readonly ColumnStudy[])[],
  first: number | undefined,
): Promise<readonly (readonly ColumnStudy[])[]> {
  if (keys.length === 0) return [];
  const table = identifier(dataset);
  const rows = first === undefined ? table : `(SELECT * FROM ${table} LIMIT ${first}) AS first_rows`;
  const counts = keys.map((key) => `count(DISTINCT (${key.map(({ name }) => asText(name)).join(', ')}))`);
  const statement = `SELECT count(*), ${counts.join(', ')} FROM ${rows}`;
  const [[all, ...distinct] = []] = await rowsOf(ask, statement, 1, 'which columns are unique together');
  return keys.filter((_, index) => Number(distinct[index]) === Number(all));
}

/** All choices of so many, those of the first columns first. */
function combinations<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => combinations(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
}

/** Finds empty cells whose value other rows know: where a determinant has its answer elsewhere, the empty cell is an omission. */
import type { Ask } from '../ask.ts';
import type { Dependency } from './dependencies.ts';
import { confidence, counted, ownRule, percent, type Suggestion } from './suggestion.ts';
import { identifier } from './sql-text.ts';
import { rowsOf, type Study } from './study.ts';

const MIN_EMPTY = 5;
/** A column that is mostly empty is optional. */
const MAX_EMPTY_SHARE = 0.4;
/** Of the empty cells, those that are known elsewhere. */
const MIN_KNOWN = 0.8;

export async function suggestKnownNulls(
  ask: Ask,
  study: Study,
  dependencies: readonly Dependency[],
): Promise<Suggestion[]> {
  const found = new Map<string, Suggestion>();
  for (const { determinant, column } of dependencies) {
    const nulls = study.columns.find(({ name }) => name === column)?.nulls ?? 0;
    if (found.has(column) || nulls < MIN_EMPTY || nulls > study.rows * MAX_EMPTY_SHARE) continue;
    const keys = determinant.map((name) => `own.${identifier(name)} = other.${identifier(name)}`).join(' AND ');
    const table = identifier(study.dataset);
    const value = identifier(column);
    const statement =
      `SELECT count(*) FROM ${table} AS own WHERE own.${value} IS NULL AND EXISTS ` +
      `(SELECT 1 FROM ${table} AS other WHERE ${keys} AND other.${value} IS NOT NULL)`;
    const [[cell] = [0]] = await rowsOf(ask, statement, 1);
    const known = Number(cell);
    if (known < nulls * MIN_KNOWN) continue;
    found.set(column, {
      column,
      proposal: ownRule(`${column} is filled`, { check: 'nullValues' }),
      evidence: `${percent(known, nulls)} of its ${counted(nulls)} empty cells have a value in other rows of the same ${determinant.join(' and ')}`,
      confidence: confidence(known, nulls),
    });
  }
  return [...found.values()];
}

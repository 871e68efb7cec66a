/** Proposes a contract for a table from its data alone; the same data gives the same proposals in the same order. */
import type { Ask } from '../ask.ts';
import {
  isUnique,
  keyAmong,
  suggestFilled,
  suggestFresh,
  suggestLength,
  suggestNoPlaceholders,
  suggestUnique,
} from './columns.ts';
import { compoundKey, suggestCompoundKey } from './compound-keys.ts';
import { findDependencies, suggestDependency, unheardValues } from './dependencies.ts';
import { domainOf, suggestDomain } from './domains.ts';
import { suggestKnownNulls } from './known-nulls.ts';
import { suggestLeaks } from './leaks.ts';
import { suggestDigits, suggestForm } from './masks.ts';
import { suggestRange } from './ranges.ts';
import { study, type ColumnStudy, type SourceColumnName, type Study } from './study.ts';
import type { Suggestion } from './suggestion.ts';
import { guessType } from './types.ts';

export interface Suggested {
  readonly study: Study;
  readonly suggestions: readonly Suggestion[];
}

/** `now` in milliseconds since 1970, for freshness. Throws a plain sentence when the data cannot be asked. */
export async function suggest(
  ask: Ask,
  dataset: string,
  columns: readonly SourceColumnName[],
  now: number,
): Promise<Suggested> {
  const studied = await study(ask, dataset, columns);
  const dependencies = await findDependencies(ask, studied);
  const leaks = await suggestLeaks(ask, studied);
  const explained = new Set(leaks.map(({ column }) => column));
  const nulls = await suggestKnownNulls(ask, studied, dependencies);
  const wide = [
    ...leaks,
    ...dependencies.map(suggestDependency),
    ...nulls.filter(({ column }) => !explained.has(column)),
  ];
  const unique = studied.columns.filter((column) => isUnique(column, studied.rows));
  const key = keyAmong(unique);
  const parts = key === undefined ? await compoundKey(ask, studied) : [];
  const compound = suggestCompoundKey(parts, studied.rows);
  const ranges = new Map<string, Suggestion[]>();
  const unheard = new Map<string, ReadonlySet<string>>();
  for (const column of studied.columns) {
    ranges.set(column.name, await suggestRange(ask, studied, column));
    const dependency = dependencies.find((one) => one.column === column.name && one.disagreeing > 0);
    if (dependency !== undefined) unheard.set(column.name, await unheardValues(ask, studied, dependency));
  }
  const suggestions = studied.columns.flatMap((column) => [
    ...(unique.includes(column) ? [suggestUnique(column, studied.rows, column === key)] : []),
    ...compound.filter((suggestion) => suggestion.column === column.name),
    ...ofColumn(column, studied, unheard.get(column.name) ?? new Set(), now),
    ...(ranges.get(column.name) ?? []),
    ...wide.filter((suggestion) => suggestion.column === column.name),
  ]);
  return { study: studied, suggestions };
}

function ofColumn(column: ColumnStudy, studied: Study, unheard: ReadonlySet<string>, now: number): Suggestion[] {
  const type = guessType(column);
  const logicalType = type?.logicalType ?? 'string';
  const filled = suggestFilled(column, studied.rows);
  if (logicalType !== 'string')
    return [
      ...optional(type?.suggestion),
      ...filled,
      ...optional(logicalType === 'integer' ? suggestDigits(column, studied.rows) : undefined),
      ...suggestFresh(column, logicalType, now),
    ];
  const form = suggestForm(column);
  const domain = form === undefined ? domainOf(column, unheard) : undefined;
  return [
    ...optional(type?.suggestion),
    ...filled,
    ...suggestNoPlaceholders(column, studied),
    ...optional(form),
    ...(domain === undefined ? [] : [suggestDomain(column, domain)]),
    ...(form === undefined && domain === undefined ? suggestLength(column) : []),
  ];
}

function optional(suggestion: Suggestion | undefined): Suggestion[] {
  return suggestion === undefined ? [] : [suggestion];
}

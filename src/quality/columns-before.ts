/** The columns a table had in the last run whose schema was accepted. */
import type { Check } from './check.ts';
import type { SourceColumn } from './dialect.ts';
import { acceptedOf, earlierOf } from './points.ts';
import type { HistoryPoint } from './points.ts';

/** Undefined before the first one. */
export function columnsBefore(
  history: readonly HistoryPoint[],
  check: Check,
  interval: string,
): readonly SourceColumn[] | undefined {
  if (check.kind !== 'schema' || check.against !== 'baseline') return undefined;
  const last = acceptedOf(earlierOf(history, check, interval)).at(-1)?.interval;
  return history.find((point) => point.interval === last)?.columns[`${check.contract}/${check.table}`];
}

/** Which columns' values may stand in a report: those the contract describes and does not classify as more than internal. */
import type { Column } from './contract.ts';

/** No classification at all counts as open within the house. */
const open = new Set(['public', 'internal', 'open', 'none', '']);

/** A column the contract does not know may hold anything. */
export function isShown(column: Column | undefined): boolean {
  return column !== undefined && open.has((column.classification ?? '').toLowerCase());
}

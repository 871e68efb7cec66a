/** Builders of quantities and findings, so that every number of a statement comes from a cell and none is written by hand. */
import { derivations, derive, type DerivationName } from '../../analysis/derivations.ts';
import type { Chart, Finding, NumberFormat, Quantity } from '../../analysis/evidence.ts';
import { quoteName } from '../../analysis/names.ts';
import { numberAt } from '../../analysis/table.ts';
import { tableOf } from './catalog.ts';
import type { Reply } from './script.ts';

/** A name or value of the data as it stands in a statement. */
export const quoted = quoteName;

/** The usual ways to write a number. */
export const asCount: NumberFormat = { style: 'count' };
export const asPercent: NumberFormat = { style: 'percent', digits: 1 };
export const asPoints: NumberFormat = { style: 'points', digits: 1 };
export const asDecimal: NumberFormat = { style: 'decimal', digits: 2 };

/** The number in a cell of a reply; undefined when the cell is missing, null or no number. */
export function cell(reply: Reply, row: number, column: string, format: NumberFormat): Quantity | undefined {
  const table = tableOf(reply);
  const value = table && numberAt(table, row, column);
  if (value === undefined) return undefined;
  return { value, format, source: { kind: 'cell', call: reply.call, row, column } };
}

/** A number computed from others; undefined when one of them is missing or the outcome is not finite. */
export function derived(
  op: DerivationName,
  of: readonly (Quantity | undefined)[],
  format: NumberFormat,
): Quantity | undefined {
  const known = of.filter((quantity) => quantity !== undefined);
  if (known.length < of.length) return undefined;
  const wanted: number | undefined = derivations[op].operands;
  if (wanted !== undefined && wanted !== known.length) {
    throw new Error(`derivation ${op} takes ${wanted} numbers, it was given ${known.length}`);
  }
  const values = known.map((quantity) => quantity.value);
  const value = derive(op, values);
  if (value === undefined) return undefined;
  return { value, format, source: { kind: 'derived', op, of: known.map((quantity) => quantity.source) } };
}

/** A finding in a list of one; an empty list when a number of it is missing, so that no sentence is made with a hole. */
export function finding(
  severity: Finding['severity'],
  statement: string,
  quantities: readonly (Quantity | undefined)[],
  chart?: Chart,
): Finding[] {
  const known = quantities.filter((quantity) => quantity !== undefined);
  if (known.length < quantities.length) return [];
  return [{ severity, statement, quantities: known, ...(chart === undefined ? {} : { chart }) }];
}

/** Proposes the values a column may have, without those that look like slips of frequent ones. */
import { isSlip } from './edit-distance.ts';
import { confidence, counted, ownRule, type Suggestion } from './suggestion.ts';
import type { ColumnStudy, ValueCount } from './study.ts';
import { total } from './types.ts';
import { isPlaceholder } from './value-kinds.ts';

/** A list that people would still read. */
const MAX_DOMAIN = 150;
/** Rows per value on average: with fewer, the next day brings new values. */
const ROWS_PER_VALUE = 10;
const FEW_ROWS = 50;
/** How many times rarer a slip is than what it slipped from. */
const RARER = 10;

/** How many times rarer the values below a gap are, and what stands above it. */
const GAP = 10;
const MIN_ABOVE_GAP = 3;
/** A value that comes back is meant. */
const CHANCE = 2;
/** Beside what is very frequent, chance comes back too. */
const MEANT = 50;
const FREQUENT = 20;
/** Of the rows, what may be wrong. */
const RARE_SHARE = 0.05;

export interface Domain {
  readonly accepted: readonly string[];
  /** What is taken for wrong, with what was meant where that is known. */
  readonly slips: readonly { readonly value: string; readonly count: number; readonly meant?: string }[];
}

/** Absent when the column has no fixed set of values. `unheard` are values that other columns contradict wherever they stand. */
export function domainOf(column: ColumnStudy, unheard: ReadonlySet<string>): Domain | undefined {
  if (!column.isText || !column.complete || column.filled < FEW_ROWS) return undefined;
  const slips = wrongAmong(column.values, column.filled, unheard);
  const wrong = new Set(slips.map(({ value }) => value));
  const accepted = column.values.filter(({ value }) => !wrong.has(value)).map(({ value }) => value);
  if (
    accepted.length > MAX_DOMAIN ||
    column.filled < accepted.length * ROWS_PER_VALUE ||
    accepted.length + slips.length < 2
  )
    return undefined;
  return { accepted, slips };
}

export function suggestDomain(column: ColumnStudy, domain: Domain): Suggestion {
  const wrong = domain.slips.reduce((sum, { count }) => sum + count, 0);
  const looked = total(column.values);
  const [first] = domain.slips;
  const slips =
    first === undefined
      ? ''
      : `; ${counted(domain.slips.length)} rare values look wrong, as \`${first.value}\` (${counted(first.count)})${first.meant === undefined ? '' : ` for \`${first.meant}\``}`;
  return {
    column: column.name,
    proposal: ownRule(`${column.name} is a known value`, {
      check: 'acceptedValues',
      values: domain.accepted.toSorted(),
    }),
    evidence: `${counted(domain.accepted.length)} values fill ${counted(looked)} rows${slips}`,
    confidence: confidence(looked - wrong, looked),
  };
}

/** Rare values near a frequent one, words for nothing, and what lies below a gap in how frequent values are. */
function wrongAmong(values: readonly ValueCount[], filled: number, unheard: ReadonlySet<string>): Domain['slips'] {
  const below = belowGap(values, filled);
  return values.flatMap(({ value, count }) => {
    const model = values.find((other) => other.count >= count * RARER && isSlip(value, other.value));
    if (model !== undefined) return [{ value, count, meant: model.value }];
    const isNothing = isPlaceholder(value) && count <= filled * RARE_SHARE;
    const isContradicted = unheard.has(value) && count <= filled * RARE_SHARE;
    return isNothing || isContradicted || count <= below ? [{ value, count }] : [];
  });
}

/** The count at and below which values are so much rarer than all others that they do not belong; 0 when there is no such gap. */
function belowGap(values: readonly ValueCount[], filled: number): number {
  let rest = filled;
  for (const [index, { count }] of values.entries()) {
    const next = values[index + 1];
    rest -= count;
    if (next === undefined) return 0;
    if (
      index + 1 >= MIN_ABOVE_GAP &&
      count >= next.count * GAP &&
      next.count <= Math.max(CHANCE, count / MEANT) &&
      count >= FREQUENT &&
      rest <= filled * RARE_SHARE
    )
      return next.count;
  }
  return 0;
}

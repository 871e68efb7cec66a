/** What is said of an incident's past: when the rule broke before, whether in the same way, and how that ended. */
import type { Segment } from './check-result.ts';
import type { Ending, Incident, PastIncident } from './incidents.ts';

/** Nights named at most. */
const shownNights = 3;

/** One sentence, or nothing for a rule that never broke before. */
export function pastText({ earlier, segment }: Incident): string {
  const last = earlier.at(-1);
  if (last === undefined) return '';
  const alike = earlier.findLast((past) => past.segment !== undefined && isSame(past.segment, segment));
  if (alike !== undefined)
    return `It broke the same way (${placeOf(alike.segment!)}) on ${alike.openedAt}, for ${runs(alike.nights)}, then ${endingText(alike)}.`;
  const nights = earlier.slice(-shownNights).map(({ openedAt }) => openedAt);
  return `It broke before on ${listed(nights)}; the last time ${endingText(last)}.`;
}

/** In the words that stand beside the name of a rule whose incident ended. */
export function endedText({ ended }: { readonly ended?: Ending }): string {
  return ended?.kind === 'removed' ? 'is checked no more' : 'holds again';
}

function endingText({ ended, closedAt }: PastIncident): string {
  if (ended.kind === 'removed') return `it was checked no more from ${closedAt} on`;
  if (ended.kind === 'held') return `it held again by itself on ${closedAt}`;
  return `it was accepted${ended.by === undefined ? '' : ` by ${ended.by}`}: "${ended.reason}"`;
}

function isSame(a: Segment, b: Segment | undefined): boolean {
  // A day or hour never comes again: of times only that they are the same column's is worth saying, and that is no sameness.
  return b !== undefined && a.by === undefined && a.column === b.column && a.value === b.value;
}

function placeOf({ column, value }: Segment): string {
  return `${column} = ${value ?? 'NULL'}`;
}

export function runs(count: number): string {
  return `${count} ${count === 1 ? 'run' : 'runs'}`;
}

function listed(words: readonly string[]): string {
  return words.length <= 1 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** What waits for the next turn of the model. */
import type { Pending } from './state.ts';

/** Into the last words that wait for the model: not every provider takes two messages of a person in a row. */
export function withWords(pending: readonly Pending[], text: string): readonly Pending[] {
  const last = pending.at(-1);
  if (last?.kind !== 'user') return [...pending, { kind: 'user', text }];
  return [...pending.slice(0, -1), { kind: 'user', text: `${last.text}\n${text}` }];
}

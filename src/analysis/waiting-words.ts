/** When people are told that something waits: at once, then as often as they are to be reminded, and once those above them. */
import type { Ask } from './decisions.ts';

export type WordTimes = { readonly remindAfterMs?: number; readonly escalateAfterMs?: number };

export type WaitingStage = 'asked' | 'reminder' | 'escalation';

/** Words about one thing at most: a reminder every minute for a year would fill the history. */
export const maxWords = 20;

/** The next word about it and when it is due; undefined when all has been said. Milliseconds since 1970. */
export function nextWord(
  { sinceMs, untilMs, told = 0 }: Pick<Ask, 'sinceMs' | 'untilMs' | 'told'>,
  { remindAfterMs, escalateAfterMs }: WordTimes,
): { readonly stage: WaitingStage; readonly atMs: number } | undefined {
  if (told === 0) return { stage: 'asked', atMs: sinceMs };
  if (told >= maxWords) return undefined;
  const remindersBefore = (ms: number) => (remindAfterMs === undefined ? 0 : Math.ceil(ms / remindAfterMs) - 1);
  // Of two that are due together the escalation comes first: it reaches those who are reminded, too.
  const escalationAt = escalateAfterMs === undefined ? undefined : 1 + remindersBefore(escalateAfterMs);
  if (escalateAfterMs !== undefined && told === escalationAt) return within('escalation', sinceMs + escalateAfterMs);
  if (remindAfterMs === undefined) return undefined;
  const reminders = told - 1 - (escalationAt !== undefined && told > escalationAt ? 1 : 0);
  return within('reminder', sinceMs + (reminders + 1) * remindAfterMs);

  function within(stage: WaitingStage, atMs: number) {
    return atMs < untilMs ? { stage, atMs } : undefined;
  }
}

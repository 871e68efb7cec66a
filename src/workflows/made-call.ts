/** What became of one tool call of a turn. */
import { shorten } from '../analysis/progress.ts';
import type { Answered } from '../analysis/state.ts';
import type { Scanned } from './scan-limit.ts';

/** `told`: what the model has to know about the call beside its result. `misused`: its tool is not there or takes no such call. */
export type Made = Answered &
  Scanned & {
    readonly bytes?: number;
    readonly wasCancelled?: boolean;
    readonly told?: string;
    readonly misused?: true;
  };

export const timeOver = 'The time of the analysis is over; the call was cancelled.';

/** Of the words, so much goes into history. */
const maxRefusalCharacters = 500;

export function refusal(callId: string, text: string): Answered {
  return {
    callId,
    ok: false,
    text: JSON.stringify({ ok: false, error: { message: shorten(text, maxRefusalCharacters) } }),
  };
}

/** What follows when a tool call fails: another attempt, another tool, a person's word, or words to the model. */
import { stopWay, type WayOut } from './ways-out.ts';

/** `lost`: its worker died, or was silent, during each of so many attempts. `mayRetry`: another attempt may help. */
export type ToolTrouble =
  | { readonly kind: 'failed'; readonly type: string; readonly message: string; readonly mayRetry: boolean }
  | { readonly kind: 'lost'; readonly attempts: number };

/** Of one call, until a person wants it tried anew. */
export type Tries = { readonly failures: number; readonly losses: number };

export const noTries: Tries = { failures: 0, losses: 0 };

export type Need = 'source' | 'outcome' | 'repeated' | 'poison';

export type ToolRecovery =
  | { readonly kind: 'again'; readonly afterMs: number }
  | { readonly kind: 'standIn'; readonly tool: string }
  | { readonly kind: 'ask'; readonly need: Need }
  | { readonly kind: 'tell' };

/** A step that fails so often, or loses its worker so often, is parked, and a person is asked. */
export const maxFailures = 5;
export const maxLosses = 3;

/** Before the second attempt and those after it. */
const waitsMs = [200, 1_000, 5_000, 30_000] as const;

/** Attempts before another tool takes over. */
const failuresBeforeStandIn = 3;

/**
 * A call that has lost two workers is tried apart from what ran beside it: of several that were lost together only the
 * one that is to blame is lost again.
 */
const apartMs = { least: 1_000, spread: 9_000 } as const;

/** Attempts that the service makes by itself when a worker is lost; after that each one is decided here. */
export const attemptsTogether = 2;

/** While a person is asked about a source it is tried again by itself, after so long and then no more. */
export const retriesWhileAskingMs = [5, 15, 60].map((minutes) => minutes * 60_000);

const ofSource = ['Tool.Unavailable', 'Tool.Crashed', 'Tool.SourceUnavailable'];

export function triesAfter(tries: Tries, trouble: ToolTrouble): Tries {
  return trouble.kind === 'lost'
    ? { ...tries, losses: tries.losses + trouble.attempts }
    : { ...tries, failures: tries.failures + 1 };
}

/** `tries` includes this one; `random` is in [0, 1). */
export function afterToolTrouble(
  trouble: ToolTrouble,
  tries: Tries,
  { standIn, isGivenUp, random }: { readonly standIn?: string; readonly isGivenUp: boolean; readonly random: number },
): ToolRecovery {
  if (trouble.kind === 'lost')
    return tries.losses >= maxLosses
      ? { kind: 'ask', need: 'poison' }
      : { kind: 'again', afterMs: Math.round(apartMs.least + apartMs.spread * random) };
  if (trouble.type === 'Tool.OutcomeUnknown') return { kind: 'ask', need: 'outcome' };
  const isOfSource = ofSource.includes(trouble.type);
  const isOver = !trouble.mayRetry || tries.failures >= failuresBeforeStandIn;
  if (isOfSource && isOver && standIn !== undefined) return { kind: 'standIn', tool: standIn };
  // A person has said that the analysis goes on without this source.
  if (isOfSource && isGivenUp) return { kind: 'tell' };
  if (trouble.mayRetry && tries.failures < maxFailures)
    return { kind: 'again', afterMs: waitsMs[tries.failures - 1] ?? 0 };
  if (isOfSource) return { kind: 'ask', need: 'source' };
  return trouble.mayRetry ? { kind: 'ask', need: 'repeated' } : { kind: 'tell' };
}

const without: WayOut = { word: 'without', does: 'go on without this call; the report says so' };

export function waysFor(need: Need): readonly WayOut[] {
  switch (need) {
    case 'source':
      return [
        { word: 'retry', does: 'try again, once it is repaired' },
        { ...without, does: 'go on without this source; the report says so' },
        stopWay,
      ];
    case 'repeated':
    case 'poison':
      return [{ word: 'retry', does: 'try again' }, without, stopWay];
    case 'outcome':
      return [
        { word: 'done', does: 'it took effect: go on' },
        { word: 'again', does: 'it did not take effect: run it once more' },
        without,
        stopWay,
      ];
  }
}

/** What is needed, in one sentence or two. `summary`: of the call. */
export function needText(need: Need, call: { readonly name: string; readonly summary: string }, why: string): string {
  switch (need) {
    case 'source':
      return `${call.name} cannot be used: ${why} It is needed for "${call.summary}". Repair it, then say so.`;
    case 'repeated':
      return `${call.name} failed ${maxFailures} times ("${call.summary}"): ${why}`;
    case 'poison':
      return `${call.name} lost its worker ${maxLosses} times ("${call.summary}"), so it is not run again by itself. Other work goes on.`;
    case 'outcome':
      return `${why} It was "${call.summary}". Look at what it would have changed, then say whether it did.`;
  }
}

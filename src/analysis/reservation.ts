/** What the next model call may cost at most, and whether the money that is left allows it. */
import { tokensUsed, type Budget } from './budget.ts';
import { costUsd, type CacheTtl, type Price } from './price.ts';

/** What a model asks for its tokens, how many it writes at most in one call, how long it keeps what it reads, and what a token is. */
export type Quote = {
  readonly price: Price;
  readonly maxOutput: number;
  /** Absent: five minutes, as in histories older than this field. */
  readonly cacheTtl?: CacheTtl;
  /** What one of its tokens holds at least of what is sent; absent in histories older than this field. */
  readonly charactersPerToken?: number;
};

export type Reservation =
  /** `maxOutputTokens`: with more the call could cost more than is left. */
  { readonly kind: 'reserved'; readonly usd: number; readonly maxOutputTokens: number } | { readonly kind: 'refused' };

/** Output tokens below which a step is not worth its price: reasoning and a query have to fit. */
export const smallestStepRoom = 8_192;

/** The same for the last call, which only has to submit. */
export const smallestWrapUpRoom = 4_096;

/** Tokens of results that the step before a wrap-up may add to it. */
const resultsAllowance = 8_000;

/**
 * A step is reserved only when a wrap-up can still be paid after it. The input is priced as if nothing of it were cached,
 * the output as if all of its room were used, so the money runs over only where the input was guessed too small, and then
 * by that call alone.
 */
export function reserve(budget: Budget, quote: Quote, inputTokens: number, purpose: 'step' | 'wrapUp'): Reservation {
  const most = (input: number, output: number): number =>
    costUsd(quote, { inputTokens: input, outputTokens: output, cacheWriteTokens: input }, quote.cacheTtl) ?? Infinity;
  const left = (budget.maxUsd ?? Infinity) - (budget.usd ?? 0);
  const inputUsd = Math.max(most(inputTokens, 0), uncached(quote, inputTokens));
  const perOutput = most(inputTokens, 1) - most(inputTokens, 0);
  const isFree = inputUsd === 0 && perOutput === 0;
  if (isFree || left === Infinity)
    return {
      kind: 'reserved',
      usd: isFree ? 0 : inputUsd + perOutput * quote.maxOutput,
      maxOutputTokens: quote.maxOutput,
    };
  const kept = purpose === 'step' ? most(inputTokens + resultsAllowance, smallestWrapUpRoom) : 0;
  // What a step writes is read again by the wrap-up.
  const perToken = purpose === 'step' ? perOutput + (most(inputTokens + 1, 0) - most(inputTokens, 0)) : perOutput;
  const room = Math.min(quote.maxOutput, Math.floor((left - inputUsd - kept) / perToken));
  const smallest = purpose === 'step' ? smallestStepRoom : smallestWrapUpRoom;
  if (!(room >= Math.min(quote.maxOutput, smallest))) return { kind: 'refused' };
  return { kind: 'reserved', usd: inputUsd + perOutput * room, maxOutputTokens: room };
}

/** Tokens are reserved like money of which each costs one. */
export function reserveTokens(
  budget: Budget,
  maxOutput: number,
  inputTokens: number,
  purpose: 'step' | 'wrapUp',
):
  | { readonly kind: 'reserved'; readonly tokens: number; readonly maxOutputTokens: number }
  | { readonly kind: 'refused' } {
  const purse = { ...budget, maxUsd: budget.maxTokens ?? Infinity, usd: tokensUsed(budget) };
  const reservation = reserve(purse, { price: onePerToken, maxOutput }, inputTokens, purpose);
  if (reservation.kind === 'refused') return reservation;
  const { usd: tokens, maxOutputTokens } = reservation;
  return { kind: 'reserved', tokens: Math.round(tokens), maxOutputTokens };
}

const onePerToken: Price = { input: 1e6, cachedInput: 1e6, cacheWrite: 1e6, output: 1e6, asOf: 'always' };

/** Where writing to a cache is listed at nothing, the plain price is the higher one. */
function uncached(quote: Quote, inputTokens: number): number {
  return costUsd(quote, { inputTokens, outputTokens: 0 }) ?? Infinity;
}

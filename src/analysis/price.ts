/** What a model's tokens cost, and what one call comes to. */
import type { CallUsage } from './cost.ts';

/** US dollars per million tokens, with the day they were read. */
export type Price = {
  readonly input: number;
  readonly cachedInput: number;
  readonly cacheWrite: number;
  /** Where keeping a prefix for an hour costs more than for five minutes. */
  readonly cacheWriteHour?: number;
  readonly output: number;
  /** Rates of a request whose input is longer than `from` tokens; they hold for all of its tokens. */
  readonly long?: {
    readonly from: number;
    readonly input: number;
    readonly cachedInput: number;
    readonly cacheWrite: number;
    readonly output: number;
  };
  readonly asOf: string;
};

/** How long a provider keeps what it has read, for the next call. */
export type CacheTtl = '5m' | '1h';

const million = 1_000_000;

/**
 * US dollars; undefined when the price is not known, which is never the same as free. The counts of `usage` are
 * inclusive: cached tokens and cache writes are taken out of the input before it is priced.
 */
export function costUsd(
  { price }: { readonly price?: Price },
  usage: CallUsage,
  cacheTtl: CacheTtl = '5m',
): number | undefined {
  if (price === undefined) return undefined;
  const { inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0 } = usage;
  const isLong = price.long !== undefined && inputTokens > price.long.from;
  const rates = isLong ? price.long : price;
  const writing = cacheTtl === '1h' ? Math.max(price.cacheWriteHour ?? 0, rates.cacheWrite) : rates.cacheWrite;
  const fresh = Math.max(0, inputTokens - cachedInputTokens - cacheWriteTokens);
  const dollars =
    fresh * rates.input +
    cachedInputTokens * rates.cachedInput +
    cacheWriteTokens * writing +
    outputTokens * rates.output;
  return dollars / million;
}

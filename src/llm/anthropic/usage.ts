/** Counts tokens as the rest of the program does: what the provider counts apart from the input, here it is in. */
import type { TokenCount } from '../profile.ts';
import type { Usage } from '../provider.ts';

/** What stands in `message_start`, again in `message_delta`, and once for each iteration of the provider's own. */
export type WireUsage = {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly output_tokens_details?: { readonly thinking_tokens?: number | null } | null;
  readonly iterations?: readonly WireUsage[] | null;
};

/** Later counts replace earlier ones, but nothing replaces nothing. */
export function mergeUsage(first: WireUsage, second: WireUsage | null | undefined): WireUsage {
  const told = Object.entries(second ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return { ...first, ...Object.fromEntries(told) };
}

export function inclusiveUsage(usage: WireUsage, { cachedInput }: Pick<TokenCount, 'cachedInput'>): Usage {
  // The sum at the top leaves out what the provider's own compaction and fallbacks used.
  const rounds = usage.iterations?.length ? usage.iterations : [usage];
  const sum = (read: (round: WireUsage) => number | null | undefined) =>
    rounds.reduce((total, round) => total + (read(round) ?? 0), 0);
  const cached = sum((round) => round.cache_read_input_tokens);
  const written = sum((round) => round.cache_creation_input_tokens);
  const reasoning = usage.output_tokens_details?.thinking_tokens;
  return {
    inputTokens: sum((round) => round.input_tokens) + (cachedInput === 'apart' ? cached + written : 0),
    outputTokens: sum((round) => round.output_tokens),
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    ...(typeof reasoning === 'number' ? { reasoningTokens: reasoning } : {}),
  };
}

/** A careful estimate of tokens for servers that do not count, or lost the count with the end of the stream. */
import type { TokenCount } from '../profile.ts';
import type { Usage } from '../provider.ts';

export function estimatedUsage(request: unknown, answer: unknown, { charactersPerToken }: TokenCount): Usage {
  const tokensIn = (value: unknown) => Math.ceil((JSON.stringify(value) ?? '').length / charactersPerToken);
  return { inputTokens: tokensIn(request), outputTokens: tokensIn(answer) };
}

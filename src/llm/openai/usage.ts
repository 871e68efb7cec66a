/** A careful estimate of tokens for servers that do not count, or lost the count with the end of the stream. */
import type { Usage } from '../provider.ts';

/** Compact JSON measured at 2.6, tables below 2: a budget had better see too many. */
const charactersPerToken = 2;

export function estimatedUsage(request: unknown, answer: unknown): Usage {
  return { inputTokens: tokensIn(request), outputTokens: tokensIn(answer) };
}

function tokensIn(value: unknown): number {
  return Math.ceil((JSON.stringify(value) ?? '').length / charactersPerToken);
}

/** What the budget reserved for the next call of a model, as its activity is told. */
import type { CompleteTurnInput } from '../activities/contract.ts';
import { tokensUsed, type Budget } from '../analysis/budget.ts';

export function reservedFor(budget: Budget): Pick<CompleteTurnInput, 'money' | 'tokens'> {
  const { maxUsd, usd = 0, reservedUsd, maxTokens, reservedTokens } = budget;
  const money =
    maxUsd === undefined || reservedUsd === undefined ? {} : { money: { leftUsd: maxUsd - usd, reservedUsd } };
  const tokens =
    maxTokens === undefined || reservedTokens === undefined
      ? {}
      : { tokens: { left: maxTokens - tokensUsed(budget), reserved: reservedTokens } };
  return { ...money, ...tokens };
}

/** What the model calls of an analysis used and cost, per model: the bounded sum that travels with its state. */

export type ModelTotals = {
  readonly calls: number;
  /** Inclusive: the cached tokens and the cache writes are among them. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  /** Null as soon as the price of one call is not known: unknown is not free. */
  readonly costUsd: number | null;
};

/** By the model that really answered. */
export type Spending = Readonly<Record<string, ModelTotals>>;

/** Tokens of one call; inclusive counts. */
export type CallUsage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly reasoningTokens?: number;
};

/** Models told apart; what more there are is counted together. */
export const maxModelsToldApart = 16;

export const otherModels = 'other models';

export const nothingUsed: ModelTotals = {
  calls: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  costUsd: 0,
};

/** `costUsd` of the call is undefined when its price is not known. */
export function addCall(spending: Spending, model: string, usage: CallUsage, costUsd: number | undefined): Spending {
  const isNew = !Object.hasOwn(spending, model) && Object.keys(spending).length >= maxModelsToldApart - 1;
  const name = isNew ? otherModels : model;
  const call: ModelTotals = {
    calls: 1,
    inputTokens: usage.inputTokens,
    cachedInputTokens: usage.cachedInputTokens ?? 0,
    cacheWriteTokens: usage.cacheWriteTokens ?? 0,
    outputTokens: usage.outputTokens,
    costUsd: costUsd ?? null,
  };
  return { ...spending, [name]: sum(spending[name] ?? nothingUsed, call) };
}

export function totalOf(spending: Spending): ModelTotals {
  return Object.values(spending).reduce(sum, nothingUsed);
}

function sum(a: ModelTotals, b: ModelTotals): ModelTotals {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costUsd: a.costUsd === null || b.costUsd === null ? null : a.costUsd + b.costUsd,
  };
}

/** The budget of an analysis: what it may use, what it has used; checked before each model call. */

export type Budget = {
  /** Model turns allowed in all. */
  readonly maxSteps: number;
  readonly steps: number;
  readonly toolCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
};

/** Model turns of an analysis when nothing is said. */
export const defaultMaxSteps = 100;

/** Tool calls one model turn may ask for; more get a refusal as their result. */
export const maxToolCallsPerTurn = 32;

export function openBudget(maxSteps: number): Budget {
  return { maxSteps, steps: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 };
}

export function mayTakeStep(budget: Budget): boolean {
  return budget.steps < budget.maxSteps;
}

export function afterTurn(budget: Budget, usage: { inputTokens: number; outputTokens: number }): Budget {
  return {
    ...budget,
    steps: budget.steps + 1,
    inputTokens: budget.inputTokens + usage.inputTokens,
    outputTokens: budget.outputTokens + usage.outputTokens,
  };
}

export function afterToolCalls(budget: Budget, count: number): Budget {
  return { ...budget, toolCalls: budget.toolCalls + count };
}

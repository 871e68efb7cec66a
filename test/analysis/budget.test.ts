import { afterToolCalls, afterTurn, mayTakeStep, openBudget } from '../../src/analysis/budget.ts';

test('a turn uses one step and its tokens; tool calls use none', () => {
  const usage = { inputTokens: 7, outputTokens: 3 };
  const used = afterToolCalls(afterTurn(afterTurn(openBudget(3), usage), usage), 4);
  expect(used).toEqual({ maxSteps: 3, steps: 2, toolCalls: 4, inputTokens: 14, outputTokens: 6 });
});

test('the last step may be taken, one more may not', () => {
  const usage = { inputTokens: 0, outputTokens: 0 };
  const one = openBudget(1);
  expect(mayTakeStep(one)).toBe(true);
  expect(mayTakeStep(afterTurn(one, usage))).toBe(false);
});

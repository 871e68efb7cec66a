import { afterToolCalls, afterTurn, limitsProblem, mayTakeStep, openBudget } from '../../src/analysis/budget.ts';

const usage = { inputTokens: 7, outputTokens: 3 };

test('a turn uses one step and its tokens; tool calls use none', () => {
  const used = afterToolCalls(afterTurn(afterTurn(openBudget(3), { usage }), { usage }), 4);
  expect(used).toMatchObject({ maxSteps: 3, steps: 2, toolCalls: 4, inputTokens: 14, outputTokens: 6 });
});

test('the last step may be taken, one more may not', () => {
  const one = openBudget(1);
  expect(mayTakeStep(one)).toBe(true);
  expect(mayTakeStep(afterTurn(one, { usage }))).toBe(false);
});

test('settling takes the reservation back; a call whose price is not told counts with what was reserved', () => {
  const reserved = { ...openBudget(3, { usd: 1 }), reservedUsd: 0.5 };
  expect(afterTurn(reserved, { usage, costUsd: 0.2 })).toMatchObject({ usd: 0.2, reservedUsd: 0 });
  expect(afterTurn(reserved, { usage })).toMatchObject({ usd: 0.5, reservedUsd: 0 });
});

test.each([
  [{}, /at least one/],
  [{ usd: 0 }, /usd/],
  [{ usd: -1 }, /usd/],
  [{ usd: Number.NaN }, /usd/],
  [{ steps: 1.5 }, /steps/],
  [{ untilMs: 5 }, /until/],
  [{ untilMs: Number.NaN }, /until/],
])('%j is no change of limits', (limits, words) => {
  expect(limitsProblem(limits, 10)).toMatch(words);
});

test('limits that are some have no problem', () => {
  expect(limitsProblem({ usd: 0.5, steps: 3, untilMs: 11 }, 10)).toBeUndefined();
});

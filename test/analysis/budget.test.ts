import {
  afterScan,
  afterToolCalls,
  afterTurn,
  busy,
  idle,
  limitsOf,
  limitsProblem,
  mayScan,
  mayTakeStep,
  openBudget,
  tokensUsed,
  withLimits,
} from '../../src/analysis/budget.ts';

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
  [{ tokens: 0 }, /tokens/],
  [{ tokens: 1.5 }, /tokens/],
  [{ bytesScanned: -1 }, /bytesScanned/],
  [{ untilMs: 5 }, /until/],
  [{ untilMs: Number.NaN }, /until/],
])('%j is no change of limits', (limits, words) => {
  expect(limitsProblem(limits, 10)).toMatch(words);
});

test('limits that are some have no problem', () => {
  expect(limitsProblem({ usd: 0.5, steps: 3, untilMs: 11, tokens: 9, bytesScanned: 7 }, 10)).toBeUndefined();
});

test('calls that broke off count like the one that ended; settling takes the reserved tokens back', () => {
  const reserved = { ...openBudget(3, { tokens: 100 }), reservedTokens: 50 };
  const after = afterTurn(reserved, { usage, brokenOff: 2 });
  expect(tokensUsed(after)).toBe(30);
  expect(after).toMatchObject({ inputTokens: 7, outputTokens: 3 });
  expect(after.reservedTokens).toBeUndefined();
});

test('a query counts twice, for the check runs it again; one that was cut off counts like the largest', () => {
  const budget = openBudget(3, { bytesScanned: 100 });
  expect(mayScan(afterScan(budget, 49))).toBe(true);
  expect(mayScan(afterScan(budget, 50))).toBe(false);
  expect(afterScan(afterScan(afterScan(budget, 10), 4), 'unknown').bytesScanned).toBe(24);
  expect(mayScan(openBudget(3))).toBe(true);
});

test('while nothing is under way time of work stands still, and a time on the wall does not', () => {
  const work = { ...openBudget(3, { untilMs: 1_000 }), clock: 'work' } as const;
  expect(limitsOf(busy(idle(idle(work, 400), 600), 900)).untilMs).toBe(1_500);
  expect(busy(work, 900)).toEqual(work);
  const wall = withLimits(work, { untilMs: 5_000 });
  expect(busy(idle(wall, 400), 900)).toEqual(wall);
});

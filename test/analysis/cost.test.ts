/** What model calls cost is added up per model, and an unknown price stays unknown. */
import { addCall, maxModelsToldApart, otherModels, totalOf, type Spending } from '../../src/analysis/cost.ts';

const usage = { inputTokens: 10, cachedInputTokens: 4, cacheWriteTokens: 1, outputTokens: 2 };

test('calls are added up per model', () => {
  const spending = addCall(addCall(addCall({}, 'a', usage, 0.5), 'a', usage, 0.25), 'b', usage, 1);
  expect(spending['a']).toEqual({
    calls: 2,
    inputTokens: 20,
    cachedInputTokens: 8,
    cacheWriteTokens: 2,
    outputTokens: 4,
    costUsd: 0.75,
  });
  expect(totalOf(spending)).toMatchObject({ calls: 3, inputTokens: 30, costUsd: 1.75 });
});

test('one unknown price makes the sum unknown, never zero', () => {
  const spending = addCall(addCall({}, 'a', usage, 0.5), 'b', usage, undefined);
  expect(spending['a']?.costUsd).toBe(0.5);
  expect(spending['b']?.costUsd).toBeNull();
  expect(totalOf(spending).costUsd).toBeNull();
  expect(addCall(spending, 'b', usage, 1)['b']?.costUsd).toBeNull();
});

test('nothing used costs nothing', () => {
  expect(totalOf({})).toMatchObject({ calls: 0, costUsd: 0 });
});

test('however many models there are, the sum stays small and complete', () => {
  let spending: Spending = {};
  for (let index = 0; index < 100; index++) spending = addCall(spending, `m${index}`, usage, 1);
  expect(Object.keys(spending)).toHaveLength(maxModelsToldApart);
  expect(spending[otherModels]?.calls).toBe(100 - maxModelsToldApart + 1);
  expect(totalOf(spending)).toMatchObject({ calls: 100, costUsd: 100 });
});

/** The forecast of a plan grows with its steps, and costs what its tokens cost. */
import * as fc from 'fast-check';
import { planCost } from '../../src/analysis/plan-cost.ts';
import { spentWords, writtenUsd } from '../../src/analysis/spent-words.ts';

const price = { input: 2, cachedInput: 0.2, cacheWrite: 2, output: 10, asOf: 'today' };

test('one step: three turns, each reads what those before it left', () => {
  const cost = planCost(1, 10_000, price);
  const read = 3 * 10_000 + (1 + 2) * 3_800;
  expect(cost).toEqual({
    turns: 3,
    tokens: read + 3 * 800,
    usd: expect.closeTo((read * 2 + 2_400 * 10) / 1e6, 9) as number,
  });
});

test('more steps and longer instructions never cost less; without a price there is no sum', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(200_000), (steps, prompt) => {
      const cost = planCost(steps, prompt, price);
      expect(planCost(steps + 1, prompt, price).usd!).toBeGreaterThan(cost.usd!);
      expect(planCost(steps, prompt + 1_000, price).tokens).toBeGreaterThan(cost.tokens);
      expect(planCost(steps, prompt, undefined)).not.toHaveProperty('usd');
    }),
  );
});

test('what was used is one line, without what is not known or does not matter', () => {
  const spent = { usd: 0, tokens: 0, bytesScanned: 0 };
  const used = { steps: 1, maxSteps: 9, toolCalls: 1, spent };
  expect(spentWords(used)).toBe('step 1 of 9 · 1 tool call');
  const dear = { usd: 0.0312, tokens: 12_345, bytesScanned: 10_900_000 };
  expect(spentWords({ ...used, toolCalls: 2, spent: dear })).toBe(
    'step 1 of 9 · 2 tool calls · $0.0312 · 12,345 tokens · 10.9 MB scanned',
  );
  expect(spentWords({ ...used, spent: { ...dear, usd: null, bytesScanned: 0 } })).toContain('$? · 12,345 tokens');
  expect([0, 0.5, 12].map(writtenUsd)).toEqual(['$0.00', '$0.5000', '$12.00']);
});

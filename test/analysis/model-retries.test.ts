/** When a failed model call is tried again: by kind, by the server's hint, never for longer than somebody waits. */
import type { FailureType } from '../../src/analysis/failures.ts';
import { maxWaitMs, waitBeforeNext } from '../../src/analysis/model-retries.ts';

const waits = (type: FailureType, hint?: number, random = 0) =>
  [1, 2, 3, 4].map((attempt) => waitBeforeNext(type, attempt, hint, random));

test.each<[FailureType, (number | undefined)[]]>([
  ['Model.RateLimited', [5_000, 10_000, 20_000, undefined]],
  ['Model.Overloaded', [10_000, 20_000, undefined, undefined]],
  ['Model.Server', [2_000, 4_000, undefined, undefined]],
  ['Model.Network', [1_000, 2_000, 4_000, undefined]],
  ['Model.FirstEventTimeout', [2_000, undefined, undefined, undefined]],
  ['Model.TruncatedStream', [1_000, 2_000, undefined, undefined]],
  ['Model.Auth', [undefined, undefined, undefined, undefined]],
  ['Model.Billing', [undefined, undefined, undefined, undefined]],
  ['Model.Unclassified', [5_000, undefined, undefined, undefined]],
])('%s', (type, expected) => {
  expect(waits(type)).toEqual(expected);
});

test('what the server asks for counts when it is longer, and nobody waits for what is too long', () => {
  expect(waits('Model.Server', 15_000)[0]).toBe(15_000);
  expect(waits('Model.RateLimited', 1_000)[0]).toBe(5_000);
  expect(waits('Model.RateLimited', maxWaitMs)[0]).toBe(maxWaitMs);
  expect(waits('Model.RateLimited', maxWaitMs + 1)[0]).toBeUndefined();
});

test('chance only adds, at most a fifth', () => {
  expect(waits('Model.Server', undefined, 0.999)[0]).toBeGreaterThan(2_000);
  expect(waits('Model.Server', undefined, 0.999)[0]).toBeLessThanOrEqual(2_400);
});

test('a provider that says nothing is given up at once where another model can take over', () => {
  expect(waitBeforeNext('Model.FirstEventTimeout', 1, undefined, 0, true)).toBeUndefined();
});

test.each<FailureType>(['Model.Overloaded', 'Model.Server', 'Model.Network', 'Model.TruncatedStream'])(
  '%s: where another model can take over it is asked within 2 s, whatever chance adds',
  (type) => {
    const made = [1, 2, 3].map((attempt) => waitBeforeNext(type, attempt, undefined, 0.999, true));
    expect(made[2]).toBeUndefined();
    expect((made[0] ?? 0) + (made[1] ?? 0)).toBeLessThan(1_500);
    expect(waitBeforeNext(type, 1, 5_000, 0, true)).toBeUndefined();
  },
);

test('who asks to slow down is waited for all the same', () => {
  expect(waitBeforeNext('Model.RateLimited', 1, 10_000, 0, true)).toBe(10_000);
});

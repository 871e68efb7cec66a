/** Derivations against values worked out elsewhere: by hand, or published with the method. */
import { assert, constant, integer, property, tuple } from 'fast-check';
import { derivations, derive, type DerivationName } from '../../src/analysis/derivations.ts';

test.each<[DerivationName, number[], number]>([
  ['sum', [1, 2, 3.5], 6.5],
  ['difference', [5, 8], -3],
  ['ratio', [9, 4], 2.25],
  ['share', [3, 12], 0.25],
  ['shareDifference', [30, 100, 20, 80], 0.05],
  ['shareRatio', [30, 100, 20, 80], 1.2],
  ['percentChange', [130, 100], 0.3],
])('%s of %j is %d', (name, values, expected) => {
  expect(derive(name, values)).toBeCloseTo(expected, 12);
});

test('Wilson intervals are those of the literature', () => {
  // Newcombe (1998), Statistics in Medicine 17: 81/263 gives 0.2553 to 0.3662; 15/148 gives 0.0624 to 0.1605; 0/20 gives 0 to 0.1611.
  expect(derive('wilsonLow', [81, 263])).toBeCloseTo(0.2553, 4);
  expect(derive('wilsonHigh', [81, 263])).toBeCloseTo(0.3662, 4);
  expect(derive('wilsonLow', [15, 148])).toBeCloseTo(0.0624, 4);
  expect(derive('wilsonHigh', [15, 148])).toBeCloseTo(0.1605, 4);
  expect(derive('wilsonLow', [0, 20])).toBeCloseTo(0, 12);
  expect(derive('wilsonHigh', [0, 20])).toBeCloseTo(0.1611, 4);
});

test('Newcombe’s interval of a difference is that of the literature', () => {
  // Newcombe (1998), Statistics in Medicine 17, method 10: 56/70 - 48/80 gives 0.0524 to 0.3339; 9/10 - 3/10 gives 0.1705 to 0.8090.
  expect(derive('shareDifferenceLow', [56, 70, 48, 80])).toBeCloseTo(0.0524, 4);
  expect(derive('shareDifferenceHigh', [56, 70, 48, 80])).toBeCloseTo(0.3339, 4);
  expect(derive('shareDifferenceLow', [9, 10, 3, 10])).toBeCloseTo(0.1705, 4);
  expect(derive('shareDifferenceHigh', [9, 10, 3, 10])).toBeCloseTo(0.809, 4);
});

test('the interval of a difference of means is the large-sample one', () => {
  // Standard error: sqrt(4/100 + 9/225) = sqrt(0.08) = 0.282843.
  expect(derive('meanDifferenceLow', [10, 2, 100, 9, 3, 225])).toBeCloseTo(1 - 1.959964 * 0.2828427, 5);
  expect(derive('meanDifferenceHigh', [10, 2, 100, 9, 3, 225])).toBeCloseTo(1 + 1.959964 * 0.2828427, 5);
});

test('a wrong operand count or an outcome that is no number gives none', () => {
  expect(derive('share', [1])).toBeUndefined();
  expect(derive('share', [1, 2, 3])).toBeUndefined();
  expect(derive('sum', [])).toBeUndefined();
  expect(derive('share', [1, 0])).toBeUndefined();
  expect(derive('wilsonLow', [0, 0])).toBeUndefined();
});

test('each derivation says in words what it does', () => {
  for (const { meaning } of Object.values(derivations)) expect(meaning.length).toBeGreaterThan(5);
});

test('intervals hold their estimate and stay within what is possible', () => {
  const part = integer({ min: 1, max: 5000 }).chain((n) => tuple(integer({ min: 0, max: n }), constant(n)));
  assert(
    property(part, part, ([k1, n1], [k2, n2]) => {
      const [low, high] = [derive('wilsonLow', [k1, n1])!, derive('wilsonHigh', [k1, n1])!];
      const difference = derive('shareDifference', [k1, n1, k2, n2])!;
      const [least, most] = [
        derive('shareDifferenceLow', [k1, n1, k2, n2])!,
        derive('shareDifferenceHigh', [k1, n1, k2, n2])!,
      ];
      const slack = 1e-9;
      expect(low).toBeGreaterThanOrEqual(-slack);
      expect(high).toBeLessThanOrEqual(1 + slack);
      expect(low).toBeLessThanOrEqual(k1 / n1 + slack);
      expect(high).toBeGreaterThanOrEqual(k1 / n1 - slack);
      expect(least).toBeLessThanOrEqual(difference + slack);
      expect(most).toBeGreaterThanOrEqual(difference - slack);
      expect(least).toBeGreaterThanOrEqual(-1 - slack);
      expect(most).toBeLessThanOrEqual(1 + slack);
    }),
  );
});

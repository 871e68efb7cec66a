/** The arithmetic a finding may do on cells of results: one table, used to write a number and to check it again. */

/** z of a two-sided 95 % interval. */
const z95 = 1.959963984540054;

type Derivation = {
  /** How many operands; undefined means any number from one up. */
  readonly operands: number | undefined;
  /** In words, for the evidence table of the report. */
  readonly meaning: string;
  readonly compute: (values: readonly number[]) => number;
};

export const derivations = {
  sum: { operands: undefined, meaning: 'sum of the cells', compute: (v) => v.reduce((a, b) => a + b, 0) },
  difference: { operands: 2, meaning: 'first minus second', compute: ([a, b]) => a! - b! },
  ratio: { operands: 2, meaning: 'first divided by second', compute: ([a, b]) => a! / b! },
  share: { operands: 2, meaning: 'first as a fraction of second', compute: ([k, n]) => k! / n! },
  shareDifference: { operands: 4, meaning: 'k1/n1 minus k2/n2', compute: ([k1, n1, k2, n2]) => k1! / n1! - k2! / n2! },
  shareRatio: {
    operands: 4,
    meaning: 'k1/n1 divided by k2/n2',
    compute: ([k1, n1, k2, n2]) => k1! / n1! / (k2! / n2!),
  },
  percentChange: {
    operands: 2,
    meaning: 'change from second to first, as a fraction of second',
    compute: ([a, b]) => (a! - b!) / b!,
  },
  wilsonLow: {
    operands: 2,
    meaning: 'lower end of the 95 % Wilson interval of k/n',
    compute: ([k, n]) => wilson(k!, n!, -1),
  },
  wilsonHigh: {
    operands: 2,
    meaning: 'upper end of the 95 % Wilson interval of k/n',
    compute: ([k, n]) => wilson(k!, n!, 1),
  },
  shareDifferenceLow: {
    operands: 4,
    meaning: 'lower end of the 95 % Newcombe interval of k1/n1 - k2/n2',
    compute: ([k1, n1, k2, n2]) => newcombe(k1!, n1!, k2!, n2!, -1),
  },
  shareDifferenceHigh: {
    operands: 4,
    meaning: 'upper end of the 95 % Newcombe interval of k1/n1 - k2/n2',
    compute: ([k1, n1, k2, n2]) => newcombe(k1!, n1!, k2!, n2!, 1),
  },
  meanDifferenceLow: {
    operands: 6,
    meaning: 'lower end of the 95 % interval of mean1 - mean2 (mean, stddev, n of each)',
    compute: (v) => meanDifference(v, -1),
  },
  meanDifferenceHigh: {
    operands: 6,
    meaning: 'upper end of the 95 % interval of mean1 - mean2 (mean, stddev, n of each)',
    compute: (v) => meanDifference(v, 1),
  },
} as const satisfies Record<string, Derivation>;

export type DerivationName = keyof typeof derivations;

/** Computes a derivation; undefined when the operand count is wrong or the outcome is not finite. */
export function derive(name: DerivationName, values: readonly number[]): number | undefined {
  const derivation: Derivation = derivations[name];
  const countIsRight = derivation.operands === undefined ? values.length > 0 : values.length === derivation.operands;
  if (!countIsRight) return undefined;
  const value = derivation.compute(values);
  return Number.isFinite(value) ? value : undefined;
}

/** Wilson score interval: stays inside 0..1 and is honest for small n. side -1 is the lower end, 1 the upper. */
function wilson(k: number, n: number, side: 1 | -1): number {
  const p = k / n;
  const z2 = z95 * z95;
  const centre = p + z2 / (2 * n);
  const spread = z95 * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return (centre + side * spread) / (1 + z2 / n);
}

/** Newcombe's interval for a difference of two shares, built from their Wilson intervals. */
function newcombe(k1: number, n1: number, k2: number, n2: number, side: 1 | -1): number {
  const difference = k1 / n1 - k2 / n2;
  const first = Math.abs(k1 / n1 - wilson(k1, n1, side));
  const second = Math.abs(k2 / n2 - wilson(k2, n2, side === 1 ? -1 : 1));
  return difference + side * Math.sqrt(first * first + second * second);
}

function meanDifference(v: readonly number[], side: 1 | -1): number {
  const [mean1, sd1, n1, mean2, sd2, n2] = v as [number, number, number, number, number, number];
  return mean1 - mean2 + side * z95 * Math.sqrt((sd1 * sd1) / n1 + (sd2 * sd2) / n2);
}

/** Thresholds of tests: how large a chi-square must be to be no accident when many columns were tried. */

/** Chance of calling any column a driver when none is one, over all columns tested together. */
export const familyWiseError = 0.01;

/** Smallest effect (Cramér's V without bias) worth a sentence; smaller ones are real only on paper. */
export const smallestEffect = 0.03;

/** The chi-square that chance exceeds with probability `error`, by Wilson and Hilferty's cube root. */
export function criticalChiSquare(degrees: number, error: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + normalQuantile(1 - error) * Math.sqrt(spread)) ** 3;
}

/** The value below which a standard normal lies with probability p, for p from 0.5 up; error below 0.00045 (Hastings). */
export function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - p));
  const above = 2.515517 + 0.802853 * t + 0.010328 * t * t;
  const below = 1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t;
  return t - above / below;
}

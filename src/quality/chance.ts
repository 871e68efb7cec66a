/** How likely chance alone gathers so many of some rows in a part of all of them. */

/**
 * Bound (Chernoff) on the probability that one of `parts` parts, each with the share `part` of all rows, holds `inPart` or more
 * of `drawn` rows drawn at random: 0 to 1.
 */
export function chanceOfGathering(inPart: number, drawn: number, part: number, parts: number): number {
  const found = inPart / drawn;
  if (found <= part) return 1;
  const rest = found === 1 ? 0 : (1 - found) * Math.log((1 - found) / (1 - part));
  const divergence = found * Math.log(found / part) + rest;
  return Math.min(1, parts * Math.exp(-drawn * divergence));
}

/** Whole numbers that look drawn, and are the same for the same beginning. */

/** Mulberry32; each number is from 0 to below the given one. */
export function generator(from: number): (below: number) => number {
  let seed = from;
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

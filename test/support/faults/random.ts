/** Random numbers that a printed seed brings back. */

export type Random = () => number;

/** Mulberry32; the words make streams of one seed independent of each other. */
export function seededRandom(seed: number, ...words: readonly (string | number)[]): Random {
  let state = seed >>> 0;
  for (const character of words.join('/')) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

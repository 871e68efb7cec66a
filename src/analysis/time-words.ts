/** Spans of time as people write them: `30s`, `10m`, `2h`, `7d`. */

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Longest span a person may name. */
const mostDays = 365;

/** What is expected, for messages. */
export const timeWords = `a time above 0 and up to ${mostDays}d with its unit, such as 30s, 10m, 2h or 1d`;

/** Milliseconds; undefined when the words are none of this. */
export function readTime(words: string): number | undefined {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(words) ?? [];
  const ms = Math.round(Number(count) * (unitMs[unit as keyof typeof unitMs] ?? Number.NaN));
  return ms >= 1 && ms <= mostDays * unitMs.d ? ms : undefined;
}

/** Rounded to the largest unit that fits: `3 h`, `2 days`. */
export function writtenTime(ms: number): string {
  const minutes = Math.round(ms / unitMs.m);
  if (minutes < 1) return `${Math.max(0, Math.round(ms / unitMs.s))} s`;
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(ms / unitMs.h);
  return hours < 48 ? `${hours} h` : `${Math.round(ms / unitMs.d)} days`;
}

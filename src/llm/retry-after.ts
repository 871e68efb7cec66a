/** How long a server asks to be left alone: milliseconds, seconds or a date, as its headers say. */

/** A longer wish is not believed: a clock or a unit is wrong. */
const maxHintMs = 7 * 24 * 60 * 60 * 1_000;

export type HeaderReader = { get(name: string): string | null };

/** Milliseconds from `nowMs` on; undefined when there is no hint or none that can be read. */
export function retryAfterMs(headers: HeaderReader | undefined, nowMs: number): number | undefined {
  const inMs = number(headers?.get('retry-after-ms'));
  if (inMs !== undefined) return bounded(inMs);
  const text = headers?.get('retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  const inSeconds = number(text);
  if (inSeconds !== undefined) return bounded(inSeconds * 1_000);
  // Dates have letters; `Date.parse` would read numbers such as "-5" as a year.
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : bounded(date - nowMs);
}

function number(text: string | null | undefined): number | undefined {
  return text !== null && text !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

function bounded(ms: number): number | undefined {
  return ms > maxHintMs ? undefined : Math.max(0, Math.ceil(ms));
}

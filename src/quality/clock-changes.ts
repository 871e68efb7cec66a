/** Days on which a time of day does not exist, because clocks are put forward over it. */

export type SkippedDay = { readonly year: number; readonly month: number; readonly day: number };

/** `from` is inclusive, `to` is not: years. Empty in zones without clock changes. */
export function skippedDays(
  timeZone: string,
  time: { readonly hour: number; readonly minute: number },
  years: { readonly from: number; readonly to: number },
): readonly SkippedDay[] {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const wanted = `${pad(time.hour)}:${pad(time.minute)}`;
  const skipped: SkippedDay[] = [];
  for (let at = Date.UTC(years.from, 0, 1); at < Date.UTC(years.to, 0, 1); at += dayMs) {
    const date = new Date(at);
    const local = at + (time.hour * 60 + time.minute) * minuteMs;
    const offsets = offsetsAround(timeZone, local);
    const exists = offsets.some((offset) => clock.format(local - offset) === wanted);
    if (!exists) skipped.push({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
  }
  return skipped;
}

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;

/** How far the zone is ahead of UTC on the day before and the day after: one of the two holds at the time itself. */
function offsetsAround(timeZone: string, atMs: number): readonly number[] {
  return [...new Set([offsetAt(timeZone, atMs - dayMs), offsetAt(timeZone, atMs + dayMs)])];
}

function offsetAt(timeZone: string, atMs: number): number {
  const parts = zoneClock(timeZone).formatToParts(atMs);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return shown - Math.floor(atMs / minuteMs) * minuteMs;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function zoneClock(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const made = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...parts });
  clocks.set(timeZone, made);
  return made;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

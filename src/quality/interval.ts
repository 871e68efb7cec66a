/** The data interval of a run: a day or a moment, by name, and when it ends. */
import type { DataInterval } from './run.ts';

const dayMs = 86_400_000;

/** `2026-11-24`, or a moment such as `2026-11-24T05:00Z`; undefined for anything else. Without a zone it is UTC. */
export function readInterval(
  text: string,
): { readonly name: string; readonly startMs: number; readonly endMs: number } | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(?::\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (match === null) return undefined;
  const [, day = '', time, zone = 'Z'] = match;
  const startMs = Date.parse(`${day}T${time ?? '00:00'}:00${zone}`);
  if (Number.isNaN(startMs) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) return undefined;
  if (time === undefined) return { name: day, startMs, endMs: startMs + dayMs };
  return { ...momentInterval(startMs), startMs };
}

/** What somebody asked a run to be of, in words; a message when it is no interval, or one that has not begun. */
export function intervalOf(text: string, nowMs: number): DataInterval | string {
  const read = readInterval(text);
  if (read === undefined)
    return `to be a day such as 2026-11-24 or a moment such as 2026-11-24T05:00Z, found ${JSON.stringify(text)}`;
  if (read.startMs > nowMs) return `to name data that can be there, found ${text}, which is in the future`;
  // Of a day that is not over, what is there is as old as it is now.
  return { name: read.name, endMs: Math.min(read.endMs, nowMs) };
}

/** The day it is at this moment in this zone; its data is judged as of the moment. */
export function intervalAt(atMs: number, timeZone: string): DataInterval {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return { name: parts.format(atMs), endMs: atMs };
}

/** The moment itself, to the minute. */
export function momentInterval(atMs: number): DataInterval {
  return { name: `${new Date(atMs).toISOString().slice(0, 16)}Z`, endMs: atMs };
}

/** A person says that what looks broken is how things are from now on: its points count for baselines, its incident ends. */
import type { HistoryPoint, Point } from './points.ts';

export type Acceptance = {
  /** Ids or names of checks; none means all that are broken. */
  readonly checks: readonly string[];
  readonly by?: string;
  readonly reason: string;
};

/**
 * The points of the night that change, with their checks of these accepted; each night since the present incident of the
 * check began is accepted, since all of them show the new state.
 */
export function accept(history: readonly HistoryPoint[], acceptance: Acceptance): readonly HistoryPoint[] {
  const changed = new Map<string, HistoryPoint>();
  const last = history.at(-1);
  for (const [id, point] of Object.entries(last?.checks ?? {})) {
    const isMeant = acceptance.checks.length === 0 || acceptance.checks.some((word) => isNamed(word, id, point));
    if (!isMeant || !isBroken(point)) continue;
    for (const night of since(history, id)) {
      const present = changed.get(night.interval) ?? night;
      const { by, reason } = acceptance;
      const accepted: Point = { ...present.checks[id]!, accepted: { reason, ...(by === undefined ? {} : { by }) } };
      changed.set(night.interval, { ...present, checks: { ...present.checks, [id]: accepted } });
    }
  }
  return [...changed.values()];
}

/** By its name, its id, or its id behind that of its contract. */
export function isNamed(word: string, key: string, { name }: Pick<Point, 'name'>): boolean {
  return word === name || word === key || key.endsWith(`/${word}`);
}

/** Broken, and nobody said that it is right so. What could not be evaluated cannot be accepted: there is nothing. */
function isBroken({ verdict, accepted }: Point): boolean {
  return (verdict === 'failed' || verdict === 'warning') && accepted === undefined;
}

/** The latest nights in a row on which the check was broken. */
function since(history: readonly HistoryPoint[], id: string): readonly HistoryPoint[] {
  const nights: HistoryPoint[] = [];
  for (const night of history.toReversed()) {
    const point = night.checks[id];
    if (point === undefined || !isBroken(point)) break;
    nights.push(night);
  }
  return nights;
}

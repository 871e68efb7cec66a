/** Incidents: opened by the first night that broke a rule, kept by the next ones, closed by the first that keeps it again. */
import type { Segment } from './check-result.ts';
import type { HistoryPoint, Point } from './points.ts';
import { sorted } from './points.ts';

/** How an incident came to its end: by itself, by a person's word, or with its rule. */
export type Ending =
  | { readonly kind: 'held' }
  | { readonly kind: 'accepted'; readonly reason: string; readonly by?: string }
  | { readonly kind: 'removed' };

export type PastIncident = {
  readonly openedAt: string;
  readonly closedAt: string;
  readonly nights: number;
  readonly reason: string;
  readonly segment?: Segment;
  readonly ended: Ending;
};

export type Incident = {
  /** Of the suite, the check and the night it began: the same from whichever run it is computed. */
  readonly fingerprint: string;
  /** `keyOf` the check. */
  readonly check: string;
  readonly name: string;
  readonly table: string;
  readonly owner?: string;
  readonly severity: Point['severity'];
  readonly openedAt: string;
  readonly lastSeenAt: string;
  readonly closedAt?: string;
  readonly ended?: Ending;
  readonly reason: string;
  /** Where most of the violating rows were, the last time it was looked for. */
  readonly segment?: Segment;
  readonly nights: number;
  /** When the same check broke before, oldest first. */
  readonly earlier: readonly PastIncident[];
};

/** What a night did to an incident; `kept` is no news. */
export type IncidentEvent = { readonly kind: 'opened' | 'kept' | 'closed'; readonly incident: Incident };

/** Earlier incidents that are remembered of a check. */
const maxEarlier = 20;

/**
 * All incidents of a suite, folded from its history alone: a night that is run again changes them as if it had been so
 * from the start. What could not be evaluated is broken too: on a schedule nobody else would say so. A night that had nothing
 * to judge (skipped, learning) neither opens nor closes; one whose suite has the rule no more closes.
 */
export function incidentsOf(suite: string, history: readonly HistoryPoint[]): readonly Incident[] {
  const open = new Map<string, Incident>();
  const all: Incident[] = [];
  const past = new Map<string, PastIncident[]>();
  for (const [index, { interval, checks }] of sorted(history).entries()) {
    for (const [check, present] of open) if (checks[check] === undefined) close(present, interval, { kind: 'removed' });
    for (const [check, point] of Object.entries(checks)) {
      const present = open.get(check);
      if (isBroken(point)) {
        // Of an incident older than the history that is read, the point itself says when it began.
        const began = index === 0 ? point.brokenSince : undefined;
        open.set(check, present === undefined ? begin(check, point, interval, began) : keep(present, point, interval));
      } else if (present !== undefined && isGood(point)) close(present, interval, endingOf(present));
    }
  }
  for (const incident of open.values()) if (incident.ended !== undefined) close(incident, '', incident.ended);
  return [...all, ...open.values()];

  function begin(check: string, point: Point, interval: string, began: Point['brokenSince']): Incident {
    const { name, table, owner, severity } = point;
    const openedAt = began?.interval ?? interval;
    return keep(
      {
        fingerprint: `${suite}/${check}/${openedAt}`,
        check,
        name,
        table,
        ...(owner === undefined ? {} : { owner }),
        severity,
        openedAt,
        lastSeenAt: interval,
        reason: point.reason,
        nights: (began?.nights ?? 1) - 1,
        earlier: past.get(check) ?? [],
      },
      point,
      interval,
    );
  }

  /** What a person accepted ended with the last night it was seen. */
  function close(incident: Incident, interval: string, ended: Ending): void {
    const closedAt = ended.kind === 'accepted' ? incident.lastSeenAt : interval;
    const { check, openedAt, nights, reason, segment } = incident;
    open.delete(check);
    all.push({ ...incident, closedAt, ended });
    const one = { openedAt, closedAt, nights, reason, ended, ...(segment === undefined ? {} : { segment }) };
    past.set(check, [...(past.get(check) ?? []), one].slice(-maxEarlier));
  }
}

/** What this interval changed, in the order of the checks. */
export function eventsAt(incidents: readonly Incident[], interval: string): readonly IncidentEvent[] {
  return incidents.flatMap((incident): IncidentEvent[] => {
    if (incident.ended?.kind === 'accepted') return [];
    if (incident.openedAt === interval) return [{ kind: 'opened', incident }];
    if (incident.closedAt === interval) return [{ kind: 'closed', incident }];
    return incident.lastSeenAt === interval ? [{ kind: 'kept', incident }] : [];
  });
}

/** The point as it is remembered: with the night its incident began, for the time when that is out of sight. */
export function withBeginnings(point: HistoryPoint, incidents: readonly Incident[]): HistoryPoint {
  const present = new Map(
    incidents.flatMap((incident) => (incident.lastSeenAt === point.interval ? [[incident.check, incident]] : [])),
  );
  const checks = Object.entries(point.checks).map(([key, check]) => {
    const incident = present.get(key);
    if (incident === undefined) return [key, check];
    return [key, { ...check, brokenSince: { interval: incident.openedAt, nights: incident.nights } }];
  });
  return { ...point, checks: Object.fromEntries(checks) as HistoryPoint['checks'] };
}

function keep(incident: Incident, { reason, segment, accepted }: Point, interval: string): Incident {
  const { ended: _before, ...rest } = incident;
  return {
    ...rest,
    reason,
    lastSeenAt: interval,
    nights: incident.nights + 1,
    ...(segment === undefined ? {} : { segment }),
    ...(accepted === undefined ? {} : { ended: { kind: 'accepted', ...accepted } }),
  };
}

function endingOf({ ended }: Incident): Ending {
  return ended ?? { kind: 'held' };
}

/** Also what a person accepted meanwhile: it was an incident, and that is how it ended. */
function isBroken({ verdict }: Point): boolean {
  return verdict === 'failed' || verdict === 'warning' || verdict === 'error';
}

function isGood({ verdict }: Point): boolean {
  return verdict === 'passed';
}

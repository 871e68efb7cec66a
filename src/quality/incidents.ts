/** Incidents: opened by the first night that broke a rule, kept by the next ones, closed by the first that keeps it again. */
import type { HistoryPoint, Point } from './points.ts';
import { sorted } from './points.ts';

export type Incident = {
  /** Of the suite, the check and the night it began: the same from whichever run it is computed. */
  readonly fingerprint: string;
  readonly check: string;
  readonly name: string;
  readonly table: string;
  readonly owner?: string;
  readonly severity: Point['severity'];
  readonly openedAt: string;
  readonly lastSeenAt: string;
  readonly closedAt?: string;
  readonly reason: string;
  readonly nights: number;
  /** When the same check broke before, oldest first. */
  readonly earlier: readonly string[];
};

/** What a night did to an incident; `kept` is no news. */
export type IncidentEvent = { readonly kind: 'opened' | 'kept' | 'closed'; readonly incident: Incident };

/**
 * All incidents of a suite, folded from its history alone: a night that is run again changes them as if it had been so
 * from the start. What could not be evaluated is broken too: on a schedule nobody else would say so. A night that had nothing
 * to judge (skipped, learning) neither opens nor closes.
 */
export function incidentsOf(suite: string, history: readonly HistoryPoint[]): readonly Incident[] {
  const open = new Map<string, Incident>();
  const all: Incident[] = [];
  const began = new Map<string, string[]>();
  for (const { interval, checks } of sorted(history)) {
    for (const [check, point] of Object.entries(checks)) {
      const present = open.get(check);
      if (isBroken(point))
        open.set(check, present === undefined ? begin(check, point, interval) : keep(present, point, interval));
      else if (present !== undefined && isGood(point)) {
        open.delete(check);
        all.push({ ...present, closedAt: interval });
      }
    }
  }
  return [...all, ...open.values()];

  function begin(check: string, point: Point, interval: string): Incident {
    const earlier = began.get(check) ?? [];
    began.set(check, [...earlier, interval]);
    const { name, table, owner, severity, reason } = point;
    return {
      fingerprint: `${suite}/${check}/${interval}`,
      check,
      name,
      table,
      ...(owner === undefined ? {} : { owner }),
      severity,
      openedAt: interval,
      lastSeenAt: interval,
      reason,
      nights: 1,
      earlier,
    };
  }
}

/** What this interval changed, in the order of the checks. */
export function eventsAt(incidents: readonly Incident[], interval: string): readonly IncidentEvent[] {
  return incidents.flatMap((incident): IncidentEvent[] => {
    if (incident.openedAt === interval) return [{ kind: 'opened', incident }];
    if (incident.closedAt === interval) return [{ kind: 'closed', incident }];
    return incident.lastSeenAt === interval ? [{ kind: 'kept', incident }] : [];
  });
}

function keep(incident: Incident, { reason }: Point, interval: string): Incident {
  return { ...incident, reason, lastSeenAt: interval, nights: incident.nights + 1 };
}

/** What a person accepted is not broken any more, also looking back. */
function isBroken({ verdict, accepted }: Point): boolean {
  return accepted === undefined && (verdict === 'failed' || verdict === 'warning' || verdict === 'error');
}

function isGood({ verdict, accepted }: Point): boolean {
  return verdict === 'passed' || accepted !== undefined;
}

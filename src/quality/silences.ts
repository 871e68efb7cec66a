/** What people said of incidents: that somebody knows of one, or that a check tells nobody until a day. */
import type { Incident } from './incidents.ts';

type Said = { readonly at: string; readonly by?: string; readonly reason?: string };

/** `check` is `keyOf` the check. An acknowledgement is of one incident, a mute of whatever the check finds. */
export type Silence = Said & { readonly schema: 'dpa.quality-silence/1'; readonly check: string } & (
    | { readonly kind: 'acknowledged'; readonly fingerprint: string }
    /** ISO moment. */
    | { readonly kind: 'muted'; readonly until: string }
  );

type Mute = Extract<Silence, { kind: 'muted' }>;
type Acknowledgement = Extract<Silence, { kind: 'acknowledged' }>;

export function muteAt(silences: readonly Silence[], check: string, at: string): Mute | undefined {
  return mutesOf(silences, check).find(({ until }) => at < until);
}

/** Whether the check was mute when the incident began or later, and is so no more: its news was held back. */
export function wasHeldBack(silences: readonly Silence[], { check, openedAt }: Incident, at: string): boolean {
  return mutesOf(silences, check).some(({ until }) => openedAt < until && until <= at);
}

export function acknowledgementOf(silences: readonly Silence[], incident: Incident): Acknowledgement | undefined {
  return silences.findLast(
    (silence): silence is Acknowledgement =>
      silence.kind === 'acknowledged' && silence.fingerprint === incident.fingerprint,
  );
}

/** Sentences for reports and lists. */
export function silenceTexts(silences: readonly Silence[], incident: Incident, at: string): readonly string[] {
  const known = acknowledgementOf(silences, incident);
  const mute = muteAt(silences, incident.check, at);
  return [
    ...(known === undefined ? [] : [`Acknowledged${wordsOf(known)}`]),
    ...(mute === undefined ? [] : [`Muted until ${mute.until.slice(0, 16)}Z${wordsOf(mute)}`]),
  ];
}

function wordsOf({ by, reason }: Said): string {
  return `${by === undefined ? '' : ` by ${by}`}${reason === undefined ? '' : `: ${reason.replace(/[.!?]$/, '')}`}.`;
}

function mutesOf(silences: readonly Silence[], check: string): readonly Mute[] {
  return silences.filter((silence): silence is Mute => silence.kind === 'muted' && silence.check === check);
}

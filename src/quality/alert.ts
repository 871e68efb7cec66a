/** What is said when incidents open or close: one message per owner and run, as plain JSON and as Slack takes it. */
import { endedText, pastText } from './incident-text.ts';
import type { Incident, IncidentEvent } from './incidents.ts';
import { muteAt, wasHeldBack } from './silences.ts';
import type { RunDocument } from './run.ts';

export type AlertEvent = { readonly kind: 'opened' | 'closed'; readonly key: string; readonly incident: Incident };

export type Alert = {
  readonly schema: 'dpa.quality-alert/1';
  readonly suite: string;
  readonly interval: string;
  readonly owner: string | null;
  readonly headline: string;
  readonly events: readonly AlertEvent[];
  readonly run: { readonly id: string; readonly uiUrl?: string };
};

/** The same from every run that finds the same: what was said under it is not said again. */
export function alertKey({ kind, incident }: IncidentEvent): string {
  return `${incident.fingerprint}/${kind}`;
}

/** Only changes are news; `isNew` says of a key whether it was said before. */
export function alertsOf(document: RunDocument, isNew: (key: string) => boolean): readonly Alert[] {
  const events = document.incidents.flatMap((event): AlertEvent[] => {
    const kind = newsOf(document, event, isNew);
    const key = kind === undefined ? '' : alertKey({ kind, incident: event.incident });
    return kind === undefined || !isNew(key) ? [] : [{ kind, key, incident: event.incident }];
  });
  const owners = [...new Set(events.map(({ incident }) => incident.owner ?? null))];
  return owners.map((owner) => ({
    schema: 'dpa.quality-alert/1',
    suite: document.suite,
    interval: document.interval,
    owner,
    headline: document.headline,
    events: events.filter(({ incident }) => (incident.owner ?? null) === owner),
    run: { id: document.id, ...(document.uiUrl === undefined ? {} : { uiUrl: document.uiUrl }) },
  }));
}

/** Of a muted check nothing; what it held back is told once it is mute no more, if it is still broken. */
function newsOf(
  { silences = [], endedAt }: RunDocument,
  { kind, incident }: IncidentEvent,
  isNew: (key: string) => boolean,
): AlertEvent['kind'] | undefined {
  if (muteAt(silences, incident.check, endedAt) !== undefined) return undefined;
  const isHeldBack = wasHeldBack(silences, incident, endedAt) && isNew(alertKey({ kind: 'opened', incident }));
  if (kind === 'kept') return isHeldBack ? 'opened' : undefined;
  return kind === 'closed' && isHeldBack ? undefined : kind;
}

/** Events in one message at most; Slack refuses more than 50 blocks. */
const maxShown = 20;
const maxTextCharacters = 2_500;

/** For Slack's incoming webhooks, and for those that take the same. */
export function slackMessage(alert: Alert): object {
  const { suite, interval, owner, events, run } = alert;
  const title =
    `${suite}, ${interval}: ${countText(events, 'opened', 'broke')}${countText(events, 'closed', 'holds again')}`.replace(
      /, $/,
      '',
    );
  const shown = events.slice(0, maxShown).map(({ kind, incident }) => {
    const mark = kind === 'opened' ? ':red_circle:' : ':large_green_circle:';
    const before = kind === 'opened' ? pastText(incident) : '';
    const what = kind === 'opened' ? incident.reason : `It ${endedText(incident)}.`;
    return `${mark} *${escaped(incident.name)}* (${escaped(incident.table)}): ${escaped(what)} ${escaped(before)}`.trimEnd();
  });
  if (events.length > maxShown) shown.push(`… and ${events.length - maxShown} more`);
  const link = run.uiUrl === undefined ? run.id : `<${run.uiUrl}|${escaped(run.id)}>`;
  return {
    text: title,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title.slice(0, 150) } },
      ...shown.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text: text.slice(0, maxTextCharacters) } })),
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: `${owner === null ? '' : `owner ${escaped(owner)} · `}run ${link}` }],
      },
    ],
  };
}

function countText(events: readonly AlertEvent[], kind: AlertEvent['kind'], word: string): string {
  const count = events.filter((event) => event.kind === kind).length;
  return count === 0 ? '' : `${count} ${count === 1 ? 'check' : 'checks'} ${word}, `;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

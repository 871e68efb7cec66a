/** What an analysis tells the people who watch it: a short, bounded list of numbered events. */

export type ProgressKind =
  | 'started'
  | 'said'
  | 'toolCalled'
  | 'toolAnswered'
  | 'plan'
  | 'step'
  | 'asked'
  | 'decided'
  | 'trouble'
  | 'interrupted'
  | 'reporting'
  | 'ended';

export type ProgressEvent = {
  /** Counts from 1 over the whole analysis, also across continue-as-new. */
  readonly seq: number;
  /** Milliseconds since the epoch, workflow time. */
  readonly atMs: number;
  readonly kind: ProgressKind;
  readonly text: string;
};

export type Progress = { readonly lastSeq: number; readonly events: readonly ProgressEvent[] };

/** Events kept for someone who attaches late; older ones are in the transcript. */
export const maxProgressEvents = 200;

/** Characters of one event's text. */
export const maxProgressText = 300;

export const noProgress: Progress = { lastSeq: 0, events: [] };

export function addProgress(progress: Progress, atMs: number, kind: ProgressKind, text: string): Progress {
  const seq = progress.lastSeq + 1;
  const event: ProgressEvent = { seq, atMs, kind, text: shorten(text, maxProgressText) };
  return { lastSeq: seq, events: [...progress.events.slice(1 - maxProgressEvents), event] };
}

export function progressAfter(progress: Progress, seq: number): readonly ProgressEvent[] {
  return progress.events.filter((event) => event.seq > seq);
}

export function shorten(text: string, maxCharacters: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= maxCharacters ? line : `${line.slice(0, maxCharacters - 1)}…`;
}

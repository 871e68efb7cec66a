/** What a person may say to a running analysis: how each word changes its state, and what it does at the next safe point. */
import { beforeThinking } from './control.ts';
import { withoutAsks } from './decisions.ts';
import { withWords } from './pending.ts';
import type { AnalysisState, Answered, Pending } from './state.ts';
import { shorten } from './progress.ts';

export type Interrupt =
  | { readonly kind: 'pause'; readonly by?: string }
  | { readonly kind: 'resume'; readonly by?: string }
  | { readonly kind: 'redirect'; readonly text: string; readonly by?: string }
  | { readonly kind: 'stop'; readonly reason?: string; readonly by?: string };

/** In the state from when it is accepted until it has had its effect, also across continue-as-new. */
export type Interrupts = {
  readonly paused?: { readonly by?: string; readonly sinceMs: number };
  readonly stopped?: { readonly by?: string; readonly reason?: string };
  /** Words that the model has not been given yet. */
  readonly redirects?: readonly string[];
  /** Head of the conversation with what the model had said of its turn when it was interrupted. */
  readonly cut?: string;
};

/** Redirections that may wait to be given to the model at once: they stand in history. */
export const maxRedirects = 50;

/** Longest words, name and reason that are kept: they stand in history. */
const maxWords = 2_000;
const maxName = 80;

/** What was sent, or a sentence that says what is wrong with it: a signal cannot be answered, and must break nothing. */
export function readInterrupt(kind: Interrupt['kind'], payload: unknown): Interrupt | string {
  if (payload !== undefined && (typeof payload !== 'object' || payload === null || Array.isArray(payload)))
    return `Ignored a ${kind}: expected one JSON object, found ${Array.isArray(payload) ? 'a list' : typeof payload}.`;
  const { by, text, reason } = (payload ?? {}) as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries({ by, text, reason }))
    if (value !== undefined && typeof value !== 'string')
      return `Ignored a ${kind}: expected words in "${name}", found ${typeof value}.`;
  const who = typeof by === 'string' && by.trim() !== '' ? { by: shorten(by, maxName) } : {};
  if (kind === 'stop')
    return { kind, ...who, ...(typeof reason === 'string' ? { reason: shorten(reason, maxWords) } : {}) };
  if (kind !== 'redirect') return { kind, ...who };
  const words = typeof text === 'string' ? shorten(text, maxWords) : '';
  return words === '' ? 'Ignored a redirect without words: expected them in "text".' : { kind, text: words, ...who };
}

/** Redirect and stop end a pause; a stop is final. */
export function accept(state: AnalysisState, interrupt: Interrupt, nowMs: number): AnalysisState {
  const { paused, ...awake } = state;
  const who = interrupt.by === undefined ? {} : { by: interrupt.by };
  if (state.stopped !== undefined) return state;
  switch (interrupt.kind) {
    case 'pause':
      return paused === undefined ? { ...state, paused: { ...who, sinceMs: nowMs } } : state;
    case 'resume':
      return awake;
    case 'redirect': {
      const { redirects = [] } = state;
      return redirects.length < maxRedirects ? { ...awake, redirects: [...redirects, interrupt.text] } : state;
    }
    case 'stop':
      return {
        ...withoutWords(awake),
        stopped: { ...who, ...(interrupt.reason === undefined ? {} : { reason: interrupt.reason }) },
      };
  }
}

/** Nobody turns any more. */
function withoutWords({ redirects: _, ...state }: AnalysisState): AnalysisState {
  return state;
}

/** Whether what is under way has to end at once. */
export function isInterrupted(state: AnalysisState): boolean {
  return state.paused !== undefined || isTurning(state);
}

/** Whether what is under way will not be gone on with: it was redirected or stopped. */
export function isTurning({ stopped, redirects = [] }: AnalysisState): boolean {
  return stopped !== undefined || redirects.length > 0;
}

/** At a safe point, when nothing is under way and the analysis is not paused. */
export function afterInterrupts(state: AnalysisState): AnalysisState {
  const { phase, stopped, redirects = [], asks = [] } = state;
  if (stopped !== undefined)
    // A report that is being made anyway is what a stopped analysis ends with.
    return phase.kind === 'reporting'
      ? state
      : { ...withCallsClosed(state), phase: { kind: 'reporting', reason: 'stopped', answered: [] } };
  if (redirects.length === 0) return state;
  const { redirects: _, cut, ...whole } = withoutAsks(state);
  // What the model had said when it was cut off stays in the conversation, behind what it had been given.
  const rest = cut === undefined || phase.kind !== 'thinking' ? whole : { ...whole, head: cut, pending: [] };
  // A plan that was not accepted is not the one of the new direction.
  const plan = asks.some(({ kind }) => kind === 'plan') ? null : state.plan;
  return turned({ ...rest, plan }, redirects.map(redirection).join('\n'));
}

/** Turned at once, by words that came with a decision. */
export function redirected(state: AnalysisState, words: string): AnalysisState {
  return turned(withoutAsks(state), redirection(words));
}

function turned(state: AnalysisState, text: string): AnalysisState {
  const { checkpoint } = state;
  const next: AnalysisState = {
    ...state,
    // What failed may be repaired by now.
    ...(state.failed === undefined ? {} : { failed: [] }),
    pending: withWords(pendingOf(state), text),
    // A turn that has to be made again is made with the words that came after it.
    checkpoint: checkpoint === null ? null : { ...checkpoint, pending: withWords(checkpoint.pending, text) },
  };
  return state.phase.kind === 'discovering' ? next : beforeThinking(next);
}

/** The turn is over before its calls were answered: should the conversation go on, it is legal. */
export function withCallsClosed(state: AnalysisState): AnalysisState {
  return { ...withoutAsks(state), pending: pendingOf(state) };
}

const redirecting = 'The person redirects the analysis: ';
const goingOn = 'Keep what was found, and go on accordingly.';

/** How the model is told. */
export function redirection(words: string): string {
  return `${redirecting}${words}\n${goingOn}`;
}

/** The words of redirections in a message, the rest of it left out; undefined when there are none. */
export function redirectedTo(text: string): string | undefined {
  const words = text
    .split('\n')
    .flatMap((line) => (line.startsWith(redirecting) ? [line.slice(redirecting.length)] : []));
  return words.length === 0 ? undefined : words.join('. ');
}

/** What a call is answered that was under way, or had not begun, when the person spoke. */
export const cancelledText = 'Cancelled: the person redirected the analysis.';

export function cancelled(callId: string): Answered {
  return { callId, ok: false, text: JSON.stringify({ ok: false, error: { message: cancelledText } }) };
}

/** Every call that the model made gets its one result. */
function pendingOf({ phase, pending }: AnalysisState): readonly Pending[] {
  if (phase.kind === 'calling')
    return [{ kind: 'results', results: [...phase.answered, ...phase.calls.map(({ id }) => cancelled(id))] }];
  // A report that was written, not submitted by a call, has no call to answer.
  if (phase.kind === 'reporting' && phase.submission !== undefined && phase.submission.callId !== '')
    return [{ kind: 'results', results: [...phase.answered, cancelled(phase.submission.callId)] }];
  return pending;
}

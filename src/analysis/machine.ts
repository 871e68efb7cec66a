/** The state machine of an analysis: everything that can happen to it, and the state that follows. */
import { advance } from './control.ts';
import {
  toldDecision,
  withAlways,
  withAsk,
  withDecision,
  withRefused,
  withWord,
  type Ask,
  type Decision,
} from './decisions.ts';
import type { Limits } from './budget.ts';
import { accept, afterInterrupts, isTurning, redirected, withCallsClosed, type Interrupt } from './interrupts.ts';
import { afterNewLimits, ended, withinLimits } from './limits.ts';
import type { Plan } from './plan.ts';
import type { AnalysisState, ControlEvent } from './state.ts';

/** Times are milliseconds since 1970, of the workflow. */
export type Happening =
  | ControlEvent
  /** A person spoke. What was said has its effect at the next safe point; what is under way is cancelled at once. */
  | { readonly kind: 'spoken'; readonly interrupt: Interrupt; readonly atMs: number }
  /** Nothing is under way, and the analysis is not paused. */
  | { readonly kind: 'safePoint' }
  /** The model is about to be asked: the limits are looked at, the call is reserved. */
  | { readonly kind: 'turnDue'; readonly model: string; readonly atMs: number }
  /** A turn was cancelled in the middle: `head` is the conversation with what it had said. */
  | { readonly kind: 'cutOff'; readonly head: string }
  /** Something waits for a person; one more word about it went out; a person, or nobody in time, decided. */
  | { readonly kind: 'asked'; readonly ask: Ask }
  | { readonly kind: 'reminded'; readonly id: string }
  | { readonly kind: 'decided'; readonly id: string; readonly decision: Decision }
  | { readonly kind: 'allowed'; readonly pattern: string }
  /** Something was not allowed: a sentence for the report. */
  | { readonly kind: 'refused'; readonly sentence: string }
  /** The plan was only shown. */
  | { readonly kind: 'planShown' }
  | { readonly kind: 'planDecided'; readonly decision: Decision }
  /** The time was over while a plan waited. */
  | { readonly kind: 'timeOver' }
  | { readonly kind: 'limitsSet'; readonly limits: Limits };

export function happened(state: AnalysisState, event: Happening): AnalysisState {
  switch (event.kind) {
    case 'spoken':
      return accept(state, event.interrupt, event.atMs);
    case 'safePoint':
      return afterInterrupts(state);
    case 'turnDue':
      return withinLimits(withoutCut(state), event.model, event.atMs);
    case 'cutOff':
      return { ...state, cut: event.head };
    case 'asked':
      return withAsk(state, event.ask);
    case 'reminded':
      return withWord(state, event.id);
    case 'decided':
      return withDecision(state, event.id, event.decision);
    case 'allowed':
      return withAlways(state, event.pattern);
    case 'refused':
      return withRefused(state, event.sentence);
    case 'planShown':
      return { ...state, planAccepted: true };
    case 'planDecided':
      return afterPlan(state, event.decision);
    case 'timeOver':
      return ended(withCallsClosed(state), 'time');
    case 'limitsSet':
      return afterNewLimits(state, event.limits);
    default:
      return advance(state, event);
  }
}

/** `turning`: words were heard that have not had their effect yet. */
export type StateName = AnalysisState['phase']['kind'] | 'waiting' | 'paused' | 'turning';

export function stateName(state: AnalysisState): StateName {
  const { paused, asks = [], phase, stopped } = state;
  if (paused !== undefined) return 'paused';
  // A report that is written anyway is what a stopped analysis ends with.
  if (isTurning(state) && !(stopped !== undefined && phase.kind === 'reporting')) return 'turning';
  return asks.length > 0 ? 'waiting' : phase.kind;
}

/** Whether an outcome that was written is the end: words that came with it, or a pause, hold it back. */
export function isFinal({ paused, redirects = [] }: AnalysisState): boolean {
  return paused === undefined && redirects.length === 0;
}

/** The steps of a plan in one line. */
export function planWords({ steps }: Plan): string {
  return steps.map(({ title }, index) => `${index + 1}. ${title}`).join(' ');
}

function afterPlan(state: AnalysisState, decision: Decision): AnalysisState {
  if (decision.kind === 'denied') {
    const refused = withRefused(withCallsClosed(state), `The plan was ${toldDecision(decision)}.`);
    return { ...refused, phase: { kind: 'reporting', reason: 'planRefused', answered: [] } };
  }
  const accepted: AnalysisState = { ...state, planAccepted: true };
  if (decision.kind !== 'approved' || decision.plan === undefined) return accepted;
  return { ...redirected(accepted, planWords(decision.plan)), plan: decision.plan };
}

function withoutCut({ cut: _, ...state }: AnalysisState): AnalysisState {
  return state;
}

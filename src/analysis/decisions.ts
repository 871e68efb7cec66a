/** What waits for a person, and what the person said: calls to approve, questions, a plan to accept, troubles to end. */
import type { Plan } from './plan.ts';
import { shorten } from './progress.ts';
import type { WayOut } from './ways-out.ts';

/** Common to all that waits. `id` is what a person names; it belongs to exactly this call, plan or question. */
type Waiting = {
  readonly id: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Words that went to people outside; absent: none. */
  readonly told?: number;
};

export type Ask =
  | (Waiting & {
      readonly kind: 'call';
      readonly callId: string;
      readonly name: string;
      /** Canonical JSON, cut at 1 KB. */
      readonly arguments: string;
      readonly why: string;
      /** One sentence; absent in analyses that an earlier version began. */
      readonly touches?: string;
    })
  | (Waiting & { readonly kind: 'question'; readonly callId: string } & Question)
  | (Waiting & { readonly kind: 'plan'; readonly plan: Plan; readonly cost: string })
  /** The analysis cannot go on by itself: a sentence of what is needed, and the words that can be answered. */
  | (Waiting & { readonly kind: 'trouble'; readonly text: string; readonly ways: readonly WayOut[] });

/** What a yes or a no is given to; the others are answered in words. */
export type Decidable = Extract<Ask, { readonly kind: 'call' | 'plan' }>;

export function isDecidable(ask: Ask): ask is Decidable {
  return ask.kind === 'call' || ask.kind === 'plan';
}

export type Question = { readonly text: string; readonly choices?: readonly string[] };

export type Decision =
  | {
      readonly kind: 'approved';
      readonly by: string;
      /** Content-store reference of the arguments, where the person changed them, and their beginning in words. */
      readonly edited?: { readonly ref: string; readonly words: string };
      readonly plan?: Plan;
    }
  | { readonly kind: 'denied'; readonly by?: string; readonly reason: string }
  | { readonly kind: 'answered'; readonly by: string; readonly text: string };

/** Part of the state of an analysis; absent parts mean none. */
export type Decisions = {
  readonly asks?: readonly Ask[];
  readonly decided?: readonly { readonly id: string; readonly decision: Decision }[];
  /** Patterns of tool names that are allowed for the rest of the analysis. */
  readonly always?: readonly string[];
  /** What was not allowed, a sentence each, for the report. */
  readonly refused?: readonly string[];
  readonly planAccepted?: true;
  /** Whether the worker tells people outside what waits. */
  readonly tells?: true;
  /** Troubles that were answered: each gets an id of its own. */
  readonly troubles?: number;
  /** What could not be had, a sentence each, for the report. */
  readonly gaps?: readonly string[];
};

/** Decisions kept, so that a repeated turn need not ask again; older ones are forgotten. */
export const maxDecided = 100;

/** Patterns that are allowed for the rest of an analysis; a call that fits none of them is asked about each time. */
export const maxAlways = 100;

/** Refusals, and gaps, that are listed in the report. */
const maxListed = 50;

/** Asked again, after a pause or a repaired turn, it keeps its deadline. */
export function withAsk<State extends Decisions>(state: State, ask: Ask): State {
  const open = state.asks ?? [];
  return open.some(({ id }) => id === ask.id) ? state : { ...state, asks: [...open, ask] };
}

/** One more word about it went out. */
export function withWord<State extends Decisions>(state: State, id: string): State {
  const asks = (state.asks ?? []).map((ask) => (ask.id === id ? { ...ask, told: (ask.told ?? 0) + 1 } : ask));
  return { ...state, asks };
}

export function withDecision<State extends Decisions>(state: State, id: string, decision: Decision): State {
  if (decisionOn(state, id) !== undefined) return state;
  const others = (state.asks ?? []).filter((ask) => ask.id !== id);
  const decided = [...(state.decided ?? []), { id, decision }].slice(-maxDecided);
  return { ...state, asks: others, decided };
}

export function decisionOn({ decided = [] }: Decisions, id: string): Decision | undefined {
  return decided.find((one) => one.id === id)?.decision;
}

export function withAlways<State extends Decisions>(state: State, pattern: string): State {
  const always = state.always ?? [];
  return always.includes(pattern) || always.length >= maxAlways ? state : { ...state, always: [...always, pattern] };
}

export function withRefused<State extends Decisions>(state: State, sentence: string): State {
  return { ...state, refused: listedWith(state.refused ?? [], sentence) };
}

export function withGap<State extends Decisions>(state: State, sentence: string): State {
  return { ...state, gaps: listedWith(state.gaps ?? [], sentence) };
}

function listedWith(list: readonly string[], sentence: string): readonly string[] {
  return list.includes(sentence) || list.length >= maxListed ? list : [...list, sentence];
}

/** Nothing waits any more: the turn is over, or the person went another way. */
export function withoutAsks<State extends Decisions>(state: State): State {
  return state.asks === undefined || state.asks.length === 0 ? state : { ...state, asks: [] };
}

/** By its id alone: any other name could mean a call that has changed meanwhile. */
export function openAsk({ asks = [] }: Decisions, id: string): Ask | undefined {
  return asks.find((ask) => ask.id === id);
}

/** As a person names it who has seen it: also the word `plan` and, while only one call has it, the model's id of the call. */
export function namedAsk(asks: readonly Ask[], named: string): Ask | undefined {
  const byCall = asks.filter((ask) => 'callId' in ask && ask.callId === named);
  return (
    openAsk({ asks }, named) ??
    (named === 'plan' ? asks.find(({ kind }) => kind === 'plan') : undefined) ??
    (byCall.length === 1 ? byCall[0] : undefined)
  );
}

/** Why something named cannot be decided. */
export function notOpen(state: Decisions, named: string): string {
  const earlier = decisionOn(state, named);
  if (earlier !== undefined) return `Expected a decision that is still open, found ${named}, ${toldDecision(earlier)}.`;
  const open = (state.asks ?? []).map(({ id }) => id);
  const waiting = open.length === 0 ? 'Nothing waits for a decision' : `What waits: ${open.join(', ')}`;
  return `Expected something that waits for a decision, found ${JSON.stringify(shorten(named, 40))}. ${waiting}.`;
}

export function toldDecision(decision: Decision): string {
  switch (decision.kind) {
    case 'approved':
      return `${decision.edited === undefined && decision.plan === undefined ? 'approved' : 'approved with changes'} by ${decision.by}`;
    case 'denied':
      return decision.by === undefined ? `denied: ${decision.reason}` : `denied by ${decision.by}: ${decision.reason}`;
    case 'answered':
      return `answered by ${decision.by}`;
  }
}

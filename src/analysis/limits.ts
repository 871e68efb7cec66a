/** Looks at the limits before a model call: go on, wrap up with this last call, or report what there is. */
import { limitsOf, withLimits, type Limits } from './budget.ts';
import type { AnalysisState } from './state.ts';
import { reserve } from './reservation.ts';

export type LimitKind = 'steps' | 'usd' | 'time';

/** A limit that was reached; milliseconds since the epoch for `time`. */
export type ReachedLimit = { readonly limit: LimitKind; readonly allowed: number; readonly used: number };

/** Characters per token, guessed low: a guess of too many tokens only keeps more money back. */
const charactersPerToken = 3;

/** Two of the slowest turns are kept for the last call. */
const turnsKept = 2;

/** A timer may be due this much before its time. */
const clockGrainMs = 100;

const reachedWords: Readonly<Record<LimitKind, string>> = {
  steps: 'The step limit is reached',
  usd: 'The budget of money is nearly used up',
  time: 'The time is nearly over',
};

/** What the model is told when one call is left. */
export function wrapUpRequestFor(limit: LimitKind): string {
  return `${reachedWords[limit]}: this is the last step. Submit now what has been found, say what is missing, and whether the result is incomplete.`;
}

/** Reserves the next call. Pure: `nowMs` is the time of the workflow. */
export function withinLimits(state: AnalysisState, model: string, nowMs: number): AnalysisState {
  if (state.phase.kind !== 'thinking') return state;
  const { untilMs, slowestTurnMs = 0 } = state.budget;
  if (untilMs !== undefined && nowMs >= untilMs - clockGrainMs) return ended(state, 'time');
  const isLate = untilMs !== undefined && untilMs - nowMs < turnsKept * slowestTurnMs;
  return withinMoney(isLate && !state.wrappingUp ? wrapUp(state, 'time') : state, model);
}

function withinMoney(state: AnalysisState, model: string): AnalysisState {
  if (state.budget.maxUsd === undefined) return state;
  const quote = state.quotes?.[model];
  if (quote === undefined) return ended(state, 'usd');
  const step = reserve(state.budget, quote, inputTokensOf(state), state.wrappingUp ? 'wrapUp' : 'step');
  if (step.kind === 'reserved') return reserved(state, step);
  if (state.wrappingUp) return ended(state, 'usd');
  const last = wrapUp(state, 'usd');
  const wrapping = reserve(last.budget, quote, inputTokensOf(last), 'wrapUp');
  return wrapping.kind === 'reserved' ? reserved(last, wrapping) : ended(state, 'usd');
}

function reserved(state: AnalysisState, { usd, maxOutputTokens }: { usd: number; maxOutputTokens: number }) {
  return { ...state, budget: { ...state.budget, reservedUsd: usd }, maxOutputTokens };
}

export function wrapUp(state: AnalysisState, limit: LimitKind): AnalysisState {
  const request = { kind: 'user', text: wrapUpRequestFor(limit) } as const;
  return { ...state, wrappingUp: true, limit, pending: [...state.pending, request] };
}

export function ended(state: AnalysisState, limit: LimitKind): AnalysisState {
  return {
    ...state,
    limit,
    budget: { ...state.budget, reservedUsd: 0 },
    phase: { kind: 'reporting', reason: 'budget', answered: [] },
  };
}

/** What the next call reads: the conversation so far, and what is new in it. */
function inputTokensOf({ budget, pending, promptTokens = 0 }: AnalysisState): number {
  const texts = pending.flatMap((one) => (one.kind === 'user' ? [one.text] : one.results.map(({ text = '' }) => text)));
  const characters = texts.reduce((sum, text) => sum + text.length, budget.newBytes ?? 0);
  return Math.max(budget.contextTokens ?? 0, promptTokens) + Math.ceil(characters / charactersPerToken);
}

/** New limits; a wrap-up whose limit was raised need not be the end any more. */
export function afterNewLimits(state: AnalysisState, limits: Limits): AnalysisState {
  const { limit, ...rest } = state;
  const changed = { steps: limits.steps, usd: limits.usd, time: limits.untilMs };
  const now = limitsOf(state.budget);
  const before = { steps: now.steps, usd: now.usd, time: now.untilMs };
  const isRaised = limit !== undefined && (changed[limit] ?? 0) > (before[limit] ?? 0);
  const budget = withLimits(state.budget, limits);
  return state.wrappingUp && isRaised ? { ...rest, budget, wrappingUp: false } : { ...state, budget };
}

/** For the report; undefined when the analysis ended by itself. */
export function reachedLimit({ limit, budget }: AnalysisState, nowMs: number): ReachedLimit | undefined {
  switch (limit) {
    case undefined:
      return undefined;
    case 'steps':
      return { limit, allowed: budget.maxSteps, used: budget.steps };
    case 'usd':
      return { limit, allowed: budget.maxUsd ?? 0, used: budget.usd ?? 0 };
    case 'time':
      return { limit, allowed: budget.untilMs ?? 0, used: nowMs };
  }
}

/** As the report says it. */
export function limitSentence({ limit, allowed, used }: ReachedLimit): string {
  const which = {
    steps: `The limit of ${allowed} steps`,
    usd: `The budget of $${allowed} ($${used.toFixed(4)} used)`,
    time: `The time limit`,
  }[limit];
  return `${which} was reached; this is what was found so far.`;
}

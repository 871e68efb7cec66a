/** Looks at the limits before a model call: go on, wrap up with this last call, or report what there is. */
import { limitsOf, mayScan, tokensUsed, withLimits, type Budget, type Limits } from './budget.ts';
import { writtenSize } from './size-words.ts';
import type { AnalysisState } from './state.ts';
import { reserve, reserveTokens, type Quote } from './reservation.ts';

export const limitKinds = ['steps', 'usd', 'time', 'tokens', 'bytes'] as const;

export type LimitKind = (typeof limitKinds)[number];

/** A limit that was reached; milliseconds since the epoch for `time`. */
export type ReachedLimit = { readonly limit: LimitKind; readonly allowed: number; readonly used: number };

/** Characters per token where the quote does not say. */
const usualCharactersPerToken = 3;

/** Two of the slowest turns are kept for the last call. */
const turnsKept = 2;

/** What a model whose profile is not known may write under a limit of tokens. */
const unknownMaxOutput = 8_192;

/** The planner without a language model uses no tokens. */
const withoutTokens = 'builtin';

/** A timer may be due this much before its time. */
const clockGrainMs = 100;

const reachedWords: Readonly<Record<LimitKind, string>> = {
  steps: 'The step limit is reached',
  usd: 'The budget of money is nearly used up',
  time: 'The time is nearly over',
  tokens: 'The budget of tokens is nearly used up',
  bytes: 'The bytes that may be scanned are used up',
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
  const timed = isLate && !state.wrappingUp ? wrapUp(state, 'time') : state;
  const scanned = mayScan(state.budget) || timed.wrappingUp ? timed : wrapUp(timed, 'bytes');
  return within(within(scanned, money(model)), tokens(model));
}

/** Something that each call uses up, reserved beforehand. */
type Purse = {
  readonly limit: LimitKind;
  isLimited(budget: Budget): boolean;
  /** The state with the reservation in it; undefined when too little is left. */
  reserved(state: AnalysisState, purpose: 'step' | 'wrapUp'): AnalysisState | undefined;
};

function within(state: AnalysisState, { limit, isLimited, reserved }: Purse): AnalysisState {
  if (!isLimited(state.budget) || state.phase.kind !== 'thinking') return state;
  const step = reserved(state, state.wrappingUp ? 'wrapUp' : 'step');
  if (step !== undefined) return step;
  if (state.wrappingUp) return ended(state, limit);
  return reserved(wrapUp(state, limit), 'wrapUp') ?? ended(state, limit);
}

function money(model: string): Purse {
  return {
    limit: 'usd',
    isLimited: ({ maxUsd }) => maxUsd !== undefined,
    reserved(state, purpose) {
      const quote = state.quotes?.[model];
      const call = quote && reserve(state.budget, quote, inputTokensOf(state, quote), purpose);
      if (call?.kind !== 'reserved') return undefined;
      const budget = { ...state.budget, reservedUsd: call.usd };
      return { ...state, budget, maxOutputTokens: call.maxOutputTokens };
    },
  };
}

function tokens(model: string): Purse {
  return {
    limit: 'tokens',
    isLimited: ({ maxTokens }) => maxTokens !== undefined && model !== withoutTokens,
    reserved(state, purpose) {
      const quote: Pick<Quote, 'maxOutput' | 'charactersPerToken'> = state.quotes?.[model] ?? {
        maxOutput: unknownMaxOutput,
      };
      const call = reserveTokens(state.budget, quote.maxOutput, inputTokensOf(state, quote), purpose);
      if (call.kind === 'refused') return undefined;
      // What the money allows has been found out just before.
      const room = state.budget.maxUsd === undefined ? Infinity : (state.maxOutputTokens ?? Infinity);
      const budget = { ...state.budget, reservedTokens: call.tokens };
      return { ...state, budget, maxOutputTokens: Math.min(room, call.maxOutputTokens) };
    },
  };
}

export function wrapUp(state: AnalysisState, limit: LimitKind): AnalysisState {
  const request = { kind: 'user', text: wrapUpRequestFor(limit) } as const;
  return { ...state, wrappingUp: true, limit, pending: [...state.pending, request] };
}

export function ended(state: AnalysisState, limit: LimitKind): AnalysisState {
  const { reservedTokens: _, ...budget } = state.budget;
  return {
    ...state,
    limit,
    budget: { ...budget, reservedUsd: 0 },
    phase: { kind: 'reporting', reason: 'budget', answered: [] },
  };
}

/** What the next call reads: the conversation so far, and what is new in it. */
export function inputTokensOf(
  { budget, pending, promptTokens = 0 }: AnalysisState,
  { charactersPerToken = usualCharactersPerToken }: Pick<Quote, 'charactersPerToken'> = {},
): number {
  const texts = pending.flatMap((one) => (one.kind === 'user' ? [one.text] : one.results.map(({ text = '' }) => text)));
  const characters = texts.reduce((sum, text) => sum + text.length, budget.newBytes ?? 0);
  return Math.max(budget.contextTokens ?? 0, promptTokens) + Math.ceil(characters / charactersPerToken);
}

/** New limits; a wrap-up whose limit was raised need not be the end any more. */
export function afterNewLimits(state: AnalysisState, limits: Limits): AnalysisState {
  const { limit, ...rest } = state;
  const changed = byKind(limits);
  const before = byKind(limitsOf(state.budget));
  const isRaised = limit !== undefined && (changed[limit] ?? 0) > (before[limit] ?? 0);
  const budget = withLimits(state.budget, limits);
  return state.wrappingUp && isRaised ? { ...rest, budget, wrappingUp: false } : { ...state, budget };
}

function byKind({ steps, usd, untilMs, tokens: count, bytesScanned }: Limits) {
  return { steps, usd, time: untilMs, tokens: count, bytes: bytesScanned };
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
    case 'tokens':
      return { limit, allowed: budget.maxTokens ?? 0, used: tokensUsed(budget) };
    case 'bytes':
      return { limit, allowed: budget.maxBytesScanned ?? 0, used: budget.bytesScanned ?? 0 };
  }
}

/** As the report says it. */
export function limitSentence({ limit, allowed, used }: ReachedLimit): string {
  const which = {
    steps: `The limit of ${allowed} steps`,
    usd: `The budget of $${allowed} ($${used.toFixed(4)} used)`,
    time: `The time limit`,
    tokens: `The budget of ${allowed} tokens (${used} used)`,
    bytes: `The limit of ${writtenSize(allowed)} to be scanned (${writtenSize(used)} scanned, and kept for the check)`,
  }[limit];
  return `${which} was reached; this is what was found so far.`;
}

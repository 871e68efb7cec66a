/** When a conversation is shortened, and how that changes the state: pure, decided in the workflow. */
import { addCall, type CallUsage } from './cost.ts';
import { inputTokensOf } from './limits.ts';
import type { AnalysisState } from './state.ts';

/** Content-store reference. */
type Ref = string;

/** Part of the state from when the worker said that it can shorten. */
export type Shortening = {
  /** The view that the model is given; absent: the whole conversation. */
  readonly view?: Ref;
  /** Steps that were made when it was. */
  readonly atStep?: number;
  /** A model said that the conversation is too long for it: `now` it is shortened, `tried` it was and that did not help. */
  readonly exceeded?: 'now' | 'tried';
};

export type Compacted = {
  readonly kind: 'compacted';
  /** Absent: there was nothing that could be shortened. */
  readonly view?: Ref;
  /** Tokens of the next call, guessed. */
  readonly tokens: number;
  readonly model: string;
  /** Absent: no model was asked. */
  readonly usage?: CallUsage;
  /** Absent: the price is not known. */
  readonly costUsd?: number;
  /** Of calls that broke off. */
  readonly brokenOffTokens?: number;
};

/** Part of what a model reads at once, above which the conversation is shortened. */
export const triggerShare = 0.8;

/** Steps between two shortenings, so that what cannot be made shorter is not tried at every step. */
export const minStepsBetween = 3;

export function isCompactionDue(state: AnalysisState, model: string): boolean {
  const { shortening, head, windows, budget, phase } = state;
  if (shortening === undefined || head === null || phase.kind !== 'thinking') return false;
  if (shortening.exceeded === 'now') return true;
  const window = windows?.[model];
  if (window === undefined) return false;
  if (shortening.atStep !== undefined && budget.steps - shortening.atStep < minStepsBetween) return false;
  return inputTokensOf(state) > triggerShare * window;
}

/** Shortened once at once; undefined when that cannot help, or did not: then another model is asked. */
export function afterContextExceeded(state: AnalysisState): AnalysisState | undefined {
  const { shortening, head } = state;
  if (shortening === undefined || head === null || shortening.exceeded !== undefined) return undefined;
  return { ...state, shortening: { ...shortening, exceeded: 'now' } };
}

/** The call is settled like any other; steps are turns of the conversation, which this is none of. */
export function afterCompaction(state: AnalysisState, compacted: Compacted): AnalysisState {
  const { view, tokens } = compacted;
  const { exceeded, ...before } = state.shortening ?? {};
  const shortening: Shortening = {
    ...before,
    ...(view === undefined ? {} : { view }),
    atStep: state.budget.steps,
    ...(exceeded === undefined ? {} : { exceeded: 'tried' }),
  };
  return settled({ ...state, shortening, budget: { ...state.budget, contextTokens: tokens } }, compacted);
}

function settled(state: AnalysisState, { model, usage, costUsd, brokenOffTokens = 0 }: Compacted): AnalysisState {
  if (usage === undefined && costUsd === undefined) return state;
  const used = usage ?? { inputTokens: 0, outputTokens: 0 };
  const { budget } = state;
  return {
    ...state,
    spending: addCall(state.spending ?? {}, model, used, costUsd),
    budget: {
      ...budget,
      inputTokens: budget.inputTokens + used.inputTokens,
      outputTokens: budget.outputTokens + used.outputTokens,
      usd: (budget.usd ?? 0) + (costUsd ?? 0),
      ...(brokenOffTokens === 0 ? {} : { brokenOffTokens: (budget.brokenOffTokens ?? 0) + brokenOffTokens }),
    },
  };
}

/** A turn came through: the next model that says it is too long is believed anew. */
export function afterWholeTurn(shortening: Shortening | undefined): { shortening?: Shortening } {
  if (shortening === undefined) return {};
  const { exceeded: _, ...rest } = shortening;
  return { shortening: rest };
}

/** Which model goes on when one fails: the next candidate, one with a longer context, or none that is left to ask. */
import type { AnalysisState } from './state.ts';

/** `type` as in the table of failures; absent in histories older than this field. */
export type ModelTrouble = { readonly type?: string; readonly reason: string };

/**
 * The activity has tried the same endpoint as often as its policy allows, so that is not decided here. Candidates are
 * only those that the policy of the worker admits: nobody else is ever asked.
 */
export type Route =
  | { readonly kind: 'next'; readonly models: readonly [string, ...string[]] }
  /** Nobody is left: the analysis waits for a person who says how to go on. */
  | { readonly kind: 'ask' };

/** Replies in a row that nobody could read before another model is asked. */
export const maxUnreadable = 3;

const tooLong: readonly (string | undefined)[] = ['Model.ContextTooLong', 'Model.PayloadTooLarge'];

export function routeAfter(state: AnalysisState, { type }: ModelTrouble): Route {
  const [failed = '', ...others] = state.models ?? [];
  const able = tooLong.includes(type) ? others.filter((ref) => isLonger(state, ref, failed)) : others;
  const [first, ...rest] = able;
  return first === undefined ? { kind: 'ask' } : { kind: 'next', models: [first, ...rest] };
}

/** The next model goes on from the same place: the conversation is neutral, each model is given it in its own form. */
export function afterModelFailure(state: AnalysisState, trouble: ModelTrouble): AnalysisState {
  const route = routeAfter(state, trouble);
  if (route.kind === 'ask') return state;
  const told = `${state.models?.[0]} could not go on (${trouble.reason}); ${route.models[0]} took over.`;
  return { ...state, models: route.models, switches: [...(state.switches ?? []), told] };
}

/** A model that was told again and again what is wrong with its calls is not asked once more, if there is another one. */
export function afterUnreadable(state: AnalysisState): AnalysisState {
  if ((state.unreadable ?? 0) < maxUnreadable) return state;
  const reason = `${maxUnreadable} replies in a row held no call that could be read`;
  const routed = afterModelFailure(state, { type: 'Model.BadOutput', reason });
  return routed === state ? state : { ...routed, unreadable: 0 };
}

/** Whether a model of another provider can take over at once; the planner is no match for one, so a model is waited for. */
export function hasAnother({ models: [first, second] = [] }: AnalysisState): boolean {
  return second !== undefined && second !== 'builtin' && providerOf(second) !== providerOf(first ?? '');
}

function providerOf(ref: string): string {
  return ref.slice(0, Math.max(ref.indexOf('/'), 0));
}

/** Where windows are not known, any other model may be longer. */
function isLonger({ windows = {} }: AnalysisState, ref: string, than: string): boolean {
  return (windows[ref] ?? Infinity) > (windows[than] ?? 0);
}

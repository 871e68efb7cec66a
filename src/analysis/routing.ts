/** Which model goes on when one fails: the same one later, the next candidate, one with a longer context, or none. */
import { leastLongWaitMs, maxLongWaits, maxWaitBeforePlannerMs } from './model-retries.ts';
import type { AnalysisState } from './state.ts';
import { withSwitch } from './switches.ts';

/** `type` as in the table of failures; absent in histories older than this field. */
export type ModelTrouble = {
  readonly type?: string;
  readonly reason: string;
  /** For how long the provider asked to be left alone: more than the activity waits for. */
  readonly retryAfterMs?: number;
};

/**
 * The activity has tried the same endpoint as often as its policy allows, so that is not decided here. Candidates are
 * only those that the policy of the worker admits: nobody else is ever asked.
 */
export type Route =
  | { readonly kind: 'next'; readonly models: readonly [string, ...string[]] }
  /** Nobody can take over, and the provider said when it can be asked again: milliseconds from now. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** Two models refused what it is about: a third one is not talked into it. */
  | { readonly kind: 'decline' }
  /** Nobody is left: the analysis waits for a person who says how to go on. */
  | { readonly kind: 'ask' };

/** Replies in a row that made no call that could be used, before another model is asked. */
export const maxUnreadable = 3;

/** The same where no other model is left: then this one has failed. */
export const maxUnreadableAlone = 6;

const tooLong: readonly (string | undefined)[] = ['Model.ContextTooLong', 'Model.PayloadTooLarge'];

/** Whether the model was given more than it can read. */
export function isTooLong(type: string | undefined | null): boolean {
  return tooLong.includes(type ?? undefined);
}

/** Another model is asked for these once: a second one that says the same is right. */
const onlyOnce: readonly (string | undefined)[] = ['Model.Refused', 'Model.BadRequest'];

export function routeAfter(state: AnalysisState, { type, retryAfterMs }: ModelTrouble): Route {
  const [failed = '', ...others] = state.models ?? [];
  const able = others.filter((ref) => isAble(state, ref, { type, failed }));
  const isSecond = onlyOnce.includes(type) && (state.gaveWayFor ?? []).includes(type ?? '');
  const [first, ...rest] = isSecond ? [] : able;
  if (retryAfterMs !== undefined && isWorthWaiting(state, retryAfterMs))
    return { kind: 'wait', ms: Math.max(retryAfterMs, leastLongWaitMs) };
  if (first !== undefined) return { kind: 'next', models: [first, ...rest] };
  return type === 'Model.Refused' ? { kind: 'decline' } : { kind: 'ask' };
}

/** The next model goes on from the same place: the conversation is neutral, each model is given it in its own form. */
export function afterModelFailure(state: AnalysisState, trouble: ModelTrouble): AnalysisState {
  const route = routeAfter(state, trouble);
  switch (route.kind) {
    case 'ask':
      return state;
    case 'wait':
      return { ...state, waits: (state.waits ?? 0) + 1 };
    case 'decline':
      return { ...state, phase: { kind: 'reporting', reason: 'declined', answered: [] } };
    case 'next':
      return {
        ...state,
        models: route.models,
        switches: withSwitch(
          state.switches,
          `${state.models?.[0]} could not go on (${trouble.reason}); ${route.models[0]} took over.`,
        ),
        ...(onlyOnce.includes(trouble.type) && state.windows !== undefined
          ? { gaveWayFor: [...(state.gaveWayFor ?? []), trouble.type ?? ''] }
          : {}),
      };
  }
}

/** A reply shows that the provider is back, and that requests are right; a refusal stays one. */
export function afterReply(state: AnalysisState): AnalysisState {
  const { waits: _, gaveWayFor, ...rest } = state;
  const kept = gaveWayFor?.filter((type) => type === 'Model.Refused') ?? [];
  return kept.length === 0 ? rest : { ...rest, gaveWayFor: kept };
}

/** A model that was told again and again what is wrong with its calls is not asked once more, if there is another one. */
export function afterUnreadable(state: AnalysisState): AnalysisState {
  if ((state.unreadable ?? 0) < maxUnreadable) return state;
  const routed = afterModelFailure(state, uselessReplies(maxUnreadable));
  return routed === state ? state : { ...routed, unreadable: 0 };
}

/** Set when the last model that is left makes no call that can be used, however often it is told what is wrong. */
export function uselessTrouble({ unreadable = 0 }: AnalysisState): ModelTrouble | undefined {
  return unreadable < maxUnreadableAlone ? undefined : uselessReplies(unreadable);
}

function uselessReplies(count: number): ModelTrouble {
  return { type: 'Model.BadOutput', reason: `${count} replies in a row made no call that could be used` };
}

/** Whether a model of another provider can take over at once; the planner is no match for one, so a model is waited for. */
export function hasAnother({ models: [first, second] = [] }: AnalysisState): boolean {
  return second !== undefined && second !== 'builtin' && providerOf(second) !== providerOf(first ?? '');
}

/** What a model refuses the planner does not do in its place: it would answer another question. */
function isAble(state: AnalysisState, ref: string, { type, failed }: { type: string | undefined; failed: string }) {
  if (isTooLong(type)) return isLonger(state, ref, failed);
  return type !== 'Model.Refused' || ref !== 'builtin';
}

/** Another model is not waited with; the planner is no match for one, so before it a while is. */
function isWorthWaiting({ models = [], waits = 0 }: AnalysisState, ms: number): boolean {
  const others = models.slice(1);
  if (waits >= maxLongWaits || others.some((ref) => ref !== 'builtin')) return false;
  return others.length === 0 || ms <= maxWaitBeforePlannerMs;
}

function providerOf(ref: string): string {
  return ref.slice(0, Math.max(ref.indexOf('/'), 0));
}

/** Where windows are not known, any other model may be longer. */
function isLonger({ windows = {} }: AnalysisState, ref: string, than: string): boolean {
  return (windows[ref] ?? Infinity) > (windows[than] ?? 0);
}

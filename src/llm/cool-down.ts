/** Leaves an endpoint, or a model that the key may not use, alone for a while: one state each, shared by all analyses of the worker. */
import { modelRetryPolicy } from '../analysis/model-retries.ts';
import { ModelFailure, type ModelFailureFacts } from './model-failure.ts';
import type { ModelProvider } from './provider.ts';

export type CoolDowns = {
  /** The same provider, which fails with `CoolingDown` instead of asking while its endpoint is left alone. */
  guard(provider: ModelProvider, endpoint: string): ModelProvider;
};

type State =
  /** `inRow`: failures since the last success. */
  | { readonly kind: 'open'; readonly inRow: number }
  /** Everybody waits as long as the server asked; then all may go on. */
  | { readonly kind: 'limited'; readonly untilMs: number }
  /** Nobody goes before `untilMs`, then one at a time to find out; each failure makes the next rest longer. */
  | { readonly kind: 'closed'; readonly untilMs: number; readonly restMs: number; readonly isProbed: boolean };

/** Longest rest between two probes. */
const maxRestMs = 5 * 60_000;

/** What a call is told that comes while another one finds out. */
const whileProbedMs = 5_000;

const open: State = { kind: 'open', inRow: 0 };

export function createCoolDowns(now: () => number = Date.now): CoolDowns {
  const states = new Map<string, State>();
  return {
    guard: (provider, endpoint) => ({
      profile: provider.profile,
      async complete(request, context) {
        const { model } = provider.profile;
        const scopes = [endpoint, `${endpoint} ${model}`] as const;
        const before = scopes.map((scope) => ({ scope, state: states.get(scope) ?? open }));
        for (const { state } of before) {
          const restMs = restOf(state, now());
          if (restMs > 0) throw coolingDown(endpoint, model, state, restMs);
        }
        const probed = before.filter(({ state }) => state.kind === 'closed');
        for (const { scope, state } of probed) states.set(scope, { ...state, isProbed: true } as State);
        try {
          const reply = await provider.complete(request, context);
          for (const scope of scopes) states.set(scope, open);
          return reply;
        } catch (error) {
          const failure = error instanceof ModelFailure && !context.signal.aborted ? error : undefined;
          const blamed = isOfModel(failure) ? scopes[1] : scopes[0];
          for (const scope of scopes) {
            const isProbe = probed.some((one) => one.scope === scope);
            const learnt = scope === blamed ? failure : undefined;
            states.set(scope, afterFailure(states.get(scope) ?? open, isProbe, learnt, now()));
          }
          throw error;
        }
      },
    }),
  };
}

/** A key that may not use one model may well use the others. */
function isOfModel(failure: ModelFailure | undefined): boolean {
  return failure?.facts.kind === 'Auth' && failure.facts.status === 403;
}

/** Milliseconds until a call may be made; 0: now. */
function restOf(state: State, nowMs: number): number {
  if (state.kind === 'open') return 0;
  const restMs = state.untilMs - nowMs;
  if (restMs > 0) return restMs;
  return state.kind === 'closed' && state.isProbed ? whileProbedMs : 0;
}

/** `failure`: of this endpoint or model; undefined when it was another's, or an interrupt. */
function afterFailure(state: State, isProbe: boolean, failure: ModelFailure | undefined, nowMs: number): State {
  const { attempts, coolDownMs } =
    failure === undefined ? { attempts: 0, coolDownMs: 0 } : modelRetryPolicy(failure.type);
  if (failure === undefined || coolDownMs === 0) {
    // Nothing was learnt about the endpoint: the next one may find out.
    return isProbe && state.kind === 'closed' ? { ...state, isProbed: false } : state;
  }
  if (isProbe && state.kind === 'closed') {
    const restMs = Math.min(maxRestMs, state.restMs * 2);
    return { kind: 'closed', restMs, untilMs: nowMs + restMs, isProbed: false };
  }
  const hintMs = failure.facts.retryAfterMs ?? 0;
  if (failure.facts.kind === 'RateLimited' && hintMs > 0) return { kind: 'limited', untilMs: nowMs + hintMs };
  // Calls that were under way when it was closed say nothing new.
  if (state.kind !== 'open') return state;
  const inRow = state.inRow + 1;
  if (inRow < attempts) return { kind: 'open', inRow };
  const restMs = Math.max(coolDownMs, hintMs);
  return { kind: 'closed', restMs, untilMs: nowMs + restMs, isProbed: false };
}

/** After a rate limit it is waited for; else the next model is asked at once. */
function coolingDown(endpoint: string, model: string, state: State, restMs: number): ModelFailure {
  const facts: ModelFailureFacts = {
    kind: 'CoolingDown',
    endpoint,
    model,
    retryAfterMs: restMs,
    retryable: state.kind === 'limited',
  };
  const why = state.kind === 'limited' ? 'asked to slow down' : 'failed again and again';
  return new ModelFailure(
    `${endpoint} ${why} a moment ago and is left alone for another ${Math.ceil(restMs / 1000)} s; model ${model}`,
    facts,
  );
}

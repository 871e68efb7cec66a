/** How often and how soon a failed model call is tried again, and for how long its provider is then left alone. */
import type { FailureType } from './failures.ts';

export type ModelRetryPolicy = {
  /** Attempts at the same model before the next one is asked. */
  readonly attempts: number;
  /** Wait before the second attempt; it doubles up to `lastMs`. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** How long the endpoint is left alone when its attempts are spent; 0: this failure says nothing about the endpoint. */
  readonly coolDownMs: number;
};

/** A provider that wants to be left alone for longer is not waited for by the call: the next model is asked. */
export const maxWaitMs = 60_000;

/** Where only the planner could take over, the analysis itself waits so long for a model; alone, as long as it is asked. */
export const maxWaitBeforePlannerMs = 15 * 60_000;

/** Whoever asked for less and still refuses is given more time. */
export const leastLongWaitMs = 10_000;

/** Such waits in a row without a reply in between. */
export const maxLongWaits = 5;

/** Up to so much is added by chance, so that analyses that failed together do not come back together. */
export const maxJitter = 0.2;

const once = { attempts: 1, firstMs: 0, lastMs: 0 };
const minute = 60_000;

const policies: Readonly<Partial<Record<FailureType, ModelRetryPolicy>>> = {
  'Model.RateLimited': { attempts: 4, firstMs: 5_000, lastMs: minute, coolDownMs: 30_000 },
  // Only waited for after a rate limit, by everybody as long as the server asked.
  'Model.CoolingDown': { attempts: 4, firstMs: 1_000, lastMs: 1_000, coolDownMs: 0 },
  'Model.Overloaded': { attempts: 3, firstMs: 10_000, lastMs: minute, coolDownMs: minute },
  'Model.Server': { attempts: 3, firstMs: 2_000, lastMs: 30_000, coolDownMs: 30_000 },
  'Model.Network': { attempts: 4, firstMs: 1_000, lastMs: 30_000, coolDownMs: 30_000 },
  'Model.FirstEventTimeout': { attempts: 2, firstMs: 2_000, lastMs: 2_000, coolDownMs: minute },
  'Model.IdleTimeout': { attempts: 2, firstMs: 2_000, lastMs: 2_000, coolDownMs: 30_000 },
  'Model.TruncatedStream': { attempts: 3, firstMs: 1_000, lastMs: 4_000, coolDownMs: 0 },
  // A key or an account is seldom repaired within minutes; whoever repaired it is not kept waiting for long either.
  'Model.Auth': { ...once, coolDownMs: 5 * minute },
  'Model.Billing': { ...once, coolDownMs: 5 * minute },
  'Model.BadEndpoint': { ...once, coolDownMs: 5 * minute },
};

/** Where another model can take over at once: long enough for a hiccup, and the next one is asked within 2 s. */
const impatient: Readonly<Partial<Record<FailureType, ModelRetryPolicy>>> = {
  ...Object.fromEntries(
    (['Model.Overloaded', 'Model.Server', 'Model.Network', 'Model.TruncatedStream'] as const).map((type) => [
      type,
      { ...policies[type]!, attempts: 3, firstMs: 400, lastMs: 800 },
    ]),
  ),
  // Half a minute of silence was enough, see stream-guard.ts.
  'Model.FirstEventTimeout': { ...policies['Model.FirstEventTimeout']!, attempts: 1 },
};

/** A server that is down and says for how long is not waited for either, where another model can take over. */
const impatientWaitMs = 1_000;

const usual: ModelRetryPolicy = { attempts: 2, firstMs: 5_000, lastMs: 5_000, coolDownMs: 0 };

export function modelRetryPolicy(type: FailureType): ModelRetryPolicy {
  return policies[type] ?? usual;
}

/**
 * Milliseconds to wait before the next attempt, or undefined when there is to be none. `attempt` counts from 1 and
 * includes attempts whose worker died; `hintMs` is what the server asked for; `random` is in [0, 1); `hasAnother`: the
 * model of another provider can take over.
 */
export function waitBeforeNext(
  type: FailureType,
  attempt: number,
  hintMs: number | undefined,
  random: number,
  hasAnother = false,
): number | undefined {
  const hurried = hasAnother ? impatient[type] : undefined;
  const { attempts, firstMs, lastMs } = hurried ?? modelRetryPolicy(type);
  if (attempt >= attempts || (hintMs ?? 0) > (hurried === undefined ? maxWaitMs : impatientWaitMs)) return undefined;
  const wait = Math.max(hintMs ?? 0, Math.min(lastMs, firstMs * 2 ** (attempt - 1)));
  return Math.round(wait * (1 + maxJitter * random));
}

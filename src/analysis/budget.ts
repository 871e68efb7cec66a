/** The budget of an analysis, its one ledger: what it may use, what is reserved for the call under way, what it has used. */

export type Budget = {
  /** Model turns allowed in all. */
  readonly maxSteps: number;
  readonly steps: number;
  readonly toolCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars allowed; absent: no limit. */
  readonly maxUsd?: number;
  /** When the time is over, milliseconds since the epoch; absent: no limit. */
  readonly untilMs?: number;
  /** US dollars of the calls that ended. */
  readonly usd?: number;
  /** US dollars the call under way may cost at most. */
  readonly reservedUsd?: number;
  /** Tokens the next call sends again: what the last one read and wrote. */
  readonly contextTokens?: number;
  /** Bytes of the results that the next call sends for the first time. */
  readonly newBytes?: number;
  readonly slowestTurnMs?: number;
};

/** What somebody may set; each field replaces the limit of its name. */
export type Limits = { readonly usd?: number; readonly steps?: number; readonly untilMs?: number };

export type Settled = {
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  /** Absent: not known; then what was reserved counts. */
  readonly costUsd?: number;
  readonly tookMs?: number;
};

/** Model turns of an analysis when nothing is said. */
export const defaultMaxSteps = 100;

/** Most steps a person may ask for. */
export const mostSteps = 100_000;

/** Most US dollars a person may allow: more is a slip of the keyboard. */
export const mostUsd = 100_000;

/** Tool calls one model turn may ask for; more get a refusal as their result. */
export const maxToolCallsPerTurn = 32;

export function openBudget(maxSteps: number, limits: Limits = {}): Budget {
  return withLimits({ maxSteps, steps: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 }, limits);
}

export function withLimits(budget: Budget, { usd, steps, untilMs }: Limits): Budget {
  return {
    ...budget,
    ...(usd === undefined ? {} : { maxUsd: usd }),
    ...(steps === undefined ? {} : { maxSteps: steps }),
    ...(untilMs === undefined ? {} : { untilMs }),
  };
}

export function limitsOf({ maxUsd, maxSteps, untilMs }: Budget): Limits {
  return {
    steps: maxSteps,
    ...(maxUsd === undefined ? {} : { usd: maxUsd }),
    ...(untilMs === undefined ? {} : { untilMs }),
  };
}

/** One sentence when these are no limits, or too few; for whoever sets them. */
export function limitsProblem({ usd, steps, untilMs }: Limits, nowMs: number): string | undefined {
  if (usd === undefined && steps === undefined && untilMs === undefined)
    return 'Expected at least one of usd, steps and until, found none.';
  if (usd !== undefined && !(typeof usd === 'number' && usd > 0 && usd <= mostUsd))
    return `usd: expected a number above 0 and up to ${mostUsd}, found ${String(usd)}.`;
  if (steps !== undefined && !(Number.isInteger(steps) && steps >= 1 && steps <= mostSteps))
    return `steps: expected a whole number from 1 to ${mostSteps}, found ${String(steps)}.`;
  if (untilMs !== undefined && !(typeof untilMs === 'number' && untilMs > nowMs))
    return 'until: expected a time that is still to come, as ISO 8601 or milliseconds since 1970.';
  return undefined;
}

export function mayTakeStep(budget: Budget): boolean {
  return budget.steps < budget.maxSteps;
}

/** Settles the call under way: its reservation goes, what it really used stays. */
export function afterTurn(budget: Budget, { usage, costUsd, tookMs = 0 }: Settled): Budget {
  const { reservedUsd = 0, newBytes: _, ...rest } = budget;
  return {
    ...rest,
    steps: budget.steps + 1,
    inputTokens: budget.inputTokens + usage.inputTokens,
    outputTokens: budget.outputTokens + usage.outputTokens,
    usd: (budget.usd ?? 0) + (costUsd ?? reservedUsd),
    reservedUsd: 0,
    contextTokens: usage.inputTokens + usage.outputTokens,
    slowestTurnMs: Math.max(budget.slowestTurnMs ?? 0, tookMs),
  };
}

export function afterToolCalls(budget: Budget, count: number, bytes = 0): Budget {
  return { ...budget, toolCalls: budget.toolCalls + count, newBytes: (budget.newBytes ?? 0) + bytes };
}

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
  /** Input and output tokens allowed together; absent: no limit. */
  readonly maxTokens?: number;
  /** Tokens the call under way may use at most. */
  readonly reservedTokens?: number;
  /** Tokens that calls which broke off may have used. */
  readonly brokenOffTokens?: number;
  /** Bytes of data that tool calls may scan; absent: no limit. */
  readonly maxBytesScanned?: number;
  /** Bytes that tool calls scanned, as far as the tools tell it, and those of the largest one. */
  readonly bytesScanned?: number;
  readonly mostBytesScanned?: number;
  /** Set where `untilMs` counts work: it moves on while nothing is under way. */
  readonly clock?: 'work';
  /** Since when nothing has been under way, because it is paused or only a person is waited for. */
  readonly idleSinceMs?: number;
};

/** What somebody may set; each field replaces the limit of its name. */
export type Limits = {
  readonly usd?: number;
  readonly steps?: number;
  readonly untilMs?: number;
  readonly tokens?: number;
  readonly bytesScanned?: number;
};

export type Settled = {
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  /** Absent: not known; then what was reserved counts. */
  readonly costUsd?: number;
  readonly tookMs?: number;
  /** Calls that broke off before it: each is counted like the one that ended. */
  readonly brokenOff?: number;
};

/** Model turns of an analysis when nothing is said. */
export const defaultMaxSteps = 100;

/** Most steps a person may ask for. */
export const mostSteps = 100_000;

/** Most US dollars a person may allow: more is a slip of the keyboard. */
export const mostUsd = 100_000;

/** Most tokens and bytes a person may allow: beyond them a number is no longer exact. */
export const mostTokens = 1_000_000_000;
export const mostScannable = 1_000_000_000_000_000;

/** Tool calls one model turn may ask for; more get a refusal as their result. */
export const maxToolCallsPerTurn = 32;

export function openBudget(maxSteps: number, limits: Limits = {}): Budget {
  return withLimits({ maxSteps, steps: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 }, limits);
}

/** A time that is set is a time of the clock on the wall. */
export function withLimits(budget: Budget, { usd, steps, untilMs, tokens, bytesScanned }: Limits): Budget {
  const { clock: _, ...walled } = budget;
  return {
    ...(untilMs === undefined ? budget : walled),
    ...(usd === undefined ? {} : { maxUsd: usd }),
    ...(steps === undefined ? {} : { maxSteps: steps }),
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(tokens === undefined ? {} : { maxTokens: tokens }),
    ...(bytesScanned === undefined ? {} : { maxBytesScanned: bytesScanned }),
  };
}

export function limitsOf({ maxUsd, maxSteps, untilMs, maxTokens, maxBytesScanned }: Budget): Limits {
  return {
    steps: maxSteps,
    ...(maxUsd === undefined ? {} : { usd: maxUsd }),
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(maxTokens === undefined ? {} : { tokens: maxTokens }),
    ...(maxBytesScanned === undefined ? {} : { bytesScanned: maxBytesScanned }),
  };
}

/** One sentence when these are no limits, or too few; for whoever sets them. */
export function limitsProblem(limits: Limits, nowMs: number): string | undefined {
  const { usd, untilMs } = limits;
  if (Object.values(limits).every((limit) => limit === undefined))
    return 'Expected at least one of usd, steps, until, tokens and bytesScanned, found none.';
  if (usd !== undefined && !(typeof usd === 'number' && usd > 0 && usd <= mostUsd))
    return `usd: expected a number above 0 and up to ${mostUsd}, found ${String(usd)}.`;
  const most = { steps: mostSteps, tokens: mostTokens, bytesScanned: mostScannable };
  for (const name of ['steps', 'tokens', 'bytesScanned'] as const) {
    const count = limits[name];
    if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= most[name]))
      return `${name}: expected a whole number from 1 to ${most[name]}, found ${String(count)}.`;
  }
  if (untilMs !== undefined && !(typeof untilMs === 'number' && untilMs > nowMs))
    return 'until: expected a time that is still to come, as ISO 8601 or milliseconds since 1970.';
  return undefined;
}

export function mayTakeStep(budget: Budget): boolean {
  return budget.steps < budget.maxSteps;
}

/** Settles the call under way: its reservation goes, what it really used stays. */
export function afterTurn(budget: Budget, { usage, costUsd, tookMs = 0, brokenOff = 0 }: Settled): Budget {
  const { reservedUsd = 0, reservedTokens: _, newBytes: __, ...rest } = budget;
  const tokens = usage.inputTokens + usage.outputTokens;
  return {
    ...rest,
    steps: budget.steps + 1,
    inputTokens: budget.inputTokens + usage.inputTokens,
    outputTokens: budget.outputTokens + usage.outputTokens,
    usd: (budget.usd ?? 0) + (costUsd ?? reservedUsd),
    reservedUsd: 0,
    contextTokens: tokens,
    slowestTurnMs: Math.max(budget.slowestTurnMs ?? 0, tookMs),
    ...(brokenOff === 0 ? {} : { brokenOffTokens: (budget.brokenOffTokens ?? 0) + brokenOff * tokens }),
  };
}

export function afterToolCalls(budget: Budget, count: number, bytes = 0): Budget {
  return { ...budget, toolCalls: budget.toolCalls + count, newBytes: (budget.newBytes ?? 0) + bytes };
}

export function tokensUsed({ inputTokens, outputTokens, brokenOffTokens = 0 }: Budget): number {
  return inputTokens + outputTokens + brokenOffTokens;
}

/** A call that was cut off tells nothing: it counts like the largest one so far. */
export function afterScan(budget: Budget, bytes: number | 'unknown'): Budget {
  const { bytesScanned = 0, mostBytesScanned = 0 } = budget;
  const counted = bytes === 'unknown' ? mostBytesScanned : bytes;
  if (counted === 0) return budget;
  return {
    ...budget,
    bytesScanned: bytesScanned + counted,
    mostBytesScanned: Math.max(mostBytesScanned, counted),
  };
}

/** Each query counts twice: the check of the report runs it again. */
const scansOfOneQuery = 2;

/** False when the bytes are used up; the last query may pass the limit, by itself and its check. */
export function mayScan({ maxBytesScanned = Infinity, bytesScanned = 0 }: Budget): boolean {
  return scansOfOneQuery * bytesScanned < maxBytesScanned;
}

/** Nothing is under way: under a limit of work the clock stands still. */
export function idle(budget: Budget, nowMs: number): Budget {
  return budget.clock === undefined || budget.idleSinceMs !== undefined ? budget : { ...budget, idleSinceMs: nowMs };
}

/** Work goes on, with as much time as was left. */
export function busy(budget: Budget, nowMs: number): Budget {
  const { idleSinceMs, ...rest } = budget;
  if (idleSinceMs === undefined) return budget;
  const { clock, untilMs } = rest;
  return clock === undefined || untilMs === undefined ? rest : { ...rest, untilMs: untilMs + (nowMs - idleSinceMs) };
}

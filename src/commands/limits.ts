/** The limits that flags set: read strictly, so that a slip is told and never becomes no limit. */
import { mostSteps, mostUsd } from '../analysis/budget.ts';
import { CommandError, exitCode } from '../command-error.ts';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Longest time a person may allow. */
const mostDays = 365;

export function checkedSteps(words: string): number {
  const steps = /^\d+$/.test(words) ? Number(words) : Number.NaN;
  if (steps >= 1 && steps <= mostSteps) return steps;
  throw wrong('--max-steps', `a whole number from 1 to ${mostSteps}`, words);
}

export function checkedLimits(flags: { readonly budgetUsd?: string; readonly timeout?: string }): {
  usd?: number;
  timeoutMs?: number;
} {
  return {
    ...(flags.budgetUsd === undefined ? {} : { usd: checkedUsd(flags.budgetUsd) }),
    ...(flags.timeout === undefined ? {} : { timeoutMs: checkedTimeout(flags.timeout) }),
  };
}

export function checkedUsd(words: string): number {
  const usd = /^(\d+(\.\d*)?|\.\d+)$/.test(words) ? Number(words) : Number.NaN;
  if (usd > 0 && usd <= mostUsd) return usd;
  throw wrong('--budget-usd', `US dollars above 0 and up to ${mostUsd}, such as 0.50`, words);
}

/** Milliseconds. */
export function checkedTimeout(words: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(words) ?? [];
  const ms = Math.round(Number(count) * (unitMs[unit as keyof typeof unitMs] ?? Number.NaN));
  if (ms >= 1 && ms <= mostDays * unitMs.d) return ms;
  throw wrong('--timeout', `a time above 0 and up to ${mostDays}d with its unit, such as 30s, 10m, 2h or 1d`, words);
}

function wrong(flag: string, expected: string, found: string): CommandError {
  return new CommandError(
    `${flag}: expected ${expected}, found ${JSON.stringify(found.slice(0, 40))}.`,
    exitCode.usage,
  );
}

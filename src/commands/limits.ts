/** The limits that flags set: read strictly, so that a slip is told and never becomes no limit. */
import { mostSteps, mostUsd } from '../analysis/budget.ts';
import { readTime, timeWords } from '../analysis/time-words.ts';
import { CommandError, exitCode } from '../command-error.ts';

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
  const ms = readTime(words);
  if (ms !== undefined) return ms;
  throw wrong('--timeout', timeWords, words);
}

function wrong(flag: string, expected: string, found: string): CommandError {
  return new CommandError(
    `${flag}: expected ${expected}, found ${JSON.stringify(found.slice(0, 40))}.`,
    exitCode.usage,
  );
}

/** The limits that flags, or else `dpa.yaml`, set: read strictly, so that a slip is told and never becomes no limit. */
import { defaultMaxSteps, mostScannable, mostSteps, mostTokens, mostUsd } from '../analysis/budget.ts';
import { readSize, sizeWords } from '../analysis/size-words.ts';
import { readTime, timeWords } from '../analysis/time-words.ts';
import { CommandError, exitCode } from '../command-error.ts';
import type { Config } from '../config.ts';

/** As written on the command line. */
export type LimitFlags = {
  readonly maxSteps?: string;
  readonly budgetUsd?: string;
  readonly timeout?: string;
  readonly maxTokens?: string;
  readonly maxBytesScanned?: string;
};

/** What an analysis is started with. */
export type CheckedLimits = {
  readonly maxSteps: number;
  readonly limits: {
    readonly usd?: number;
    readonly workMs?: number;
    readonly tokens?: number;
    readonly bytesScanned?: number;
  };
};

export function checkedLimits(flags: LimitFlags = {}, settings: Config['settings']['limits'] = {}): CheckedLimits {
  const { steps, ...others } = settings;
  const { maxSteps, budgetUsd, timeout, maxTokens, maxBytesScanned } = flags;
  return {
    maxSteps: maxSteps === undefined ? (steps ?? defaultMaxSteps) : checkedCount('--max-steps', maxSteps, mostSteps),
    limits: {
      ...others,
      ...(budgetUsd === undefined ? {} : { usd: checkedUsd(budgetUsd) }),
      ...(timeout === undefined ? {} : { workMs: checkedTimeout(timeout) }),
      ...(maxTokens === undefined ? {} : { tokens: checkedCount('--max-tokens', maxTokens, mostTokens) }),
      ...(maxBytesScanned === undefined ? {} : { bytesScanned: checkedSize(maxBytesScanned) }),
    },
  };
}

export function checkedCount(flag: string, words: string, most: number): number {
  const count = /^\d+$/.test(words) ? Number(words) : Number.NaN;
  if (count >= 1 && count <= most) return count;
  throw wrong(flag, `a whole number from 1 to ${most}`, words);
}

function checkedSize(words: string): number {
  const bytes = readSize(words);
  if (bytes !== undefined && bytes <= mostScannable) return bytes;
  throw wrong('--max-bytes-scanned', sizeWords, words);
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

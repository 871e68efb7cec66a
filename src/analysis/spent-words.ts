/** What an analysis has used so far, in one line. */
import { writtenSize } from './size-words.ts';

export type Spent = {
  readonly steps: number;
  readonly maxSteps: number;
  readonly toolCalls: number;
  readonly spent: {
    /** Null: the price is not known. */
    readonly usd: number | null;
    /** Absent where an older worker answers. */
    readonly tokens?: number;
    readonly bytesScanned?: number;
  };
};

export function spentWords({ steps, maxSteps, toolCalls, spent }: Spent): string {
  const { usd, tokens = 0, bytesScanned = 0 } = spent;
  return [
    `step ${steps} of ${maxSteps}`,
    `${toolCalls} tool ${toolCalls === 1 ? 'call' : 'calls'}`,
    ...(tokens === 0 ? [] : [usd === null ? '$?' : writtenUsd(usd), `${tokens.toLocaleString('en-US')} tokens`]),
    ...(bytesScanned === 0 ? [] : [`${writtenSize(bytesScanned)} scanned`]),
  ].join(' · ');
}

/** Small sums to the hundredth of a cent. */
export function writtenUsd(usd: number): string {
  return `$${usd.toFixed(usd > 0 && usd < 1 ? 4 : 2)}`;
}

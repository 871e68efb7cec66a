/** Prints what the kills of a matrix cost: how long each kind stood still, and how long after the return it went on. */
import type { MeasuredKill } from './run.ts';

export type Summary = {
  add(kind: string, kills: readonly MeasuredKill[]): void;
  /** Milliseconds from the return of what was killed until the analysis went on: the median over some kinds. */
  medianResumeMs(kinds: readonly string[]): number;
  table(): string;
};

export function createSummary(): Summary {
  const kills: { kind: string; kill: MeasuredKill }[] = [];
  const of = (kind: string) => kills.filter((entry) => entry.kind === kind).map(({ kill }) => kill);
  return {
    add: (kind, measured) => void kills.push(...measured.map((kill) => ({ kind, kill }))),
    medianResumeMs: (kinds) =>
      quantile(
        kinds.flatMap(of).map(({ resumedAfterMs }) => resumedAfterMs),
        0.5,
      ),
    table() {
      const kinds = [...new Set(kills.map(({ kind }) => kind))];
      const rows = kinds.map((kind) => {
        const resumed = of(kind).map(({ resumedAfterMs }) => resumedAfterMs);
        const stood = of(kind).map(({ standstillMs }) => standstillMs);
        return [kind, String(resumed.length), seconds(resumed), seconds(stood)];
      });
      const head = ['killed', 'kills', 'on after its return p50/p95/max', 'standstill p50/p95/max'];
      return [head, ...rows]
        .map((row) => row.map((cell, at) => cell.padEnd([13, 7, 33, 0][at] ?? 0)).join(''))
        .join('\n');
    },
  };
}

function seconds(milliseconds: readonly number[]): string {
  return [0.5, 0.95, 1].map((share) => (quantile(milliseconds, share) / 1000).toFixed(2)).join(' / ') + ' s';
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}

/** What a measurement is, and how its numbers become a row of the table with an honest verdict. */

export type Measure = {
  readonly name: string;
  /** What is done, in one sentence for `--help`. */
  readonly about: string;
  run(): Promise<readonly Row[]>;
};

/** Solid and extraordinary, as the table of targets names them. */
type Target = {
  readonly of: 'ratio' | 'ours';
  readonly better: 'lower' | 'higher';
  readonly solid: number;
  readonly extraordinary: number;
};

export type Row = {
  readonly metric: string;
  /** Of baseline and ours, e.g. `ms`. */
  readonly unit: string;
  /** The raw number, measured in the same run; undefined where there is nothing to compare with. */
  readonly baseline?: number;
  /** What the baseline is. */
  readonly against?: string;
  readonly ours: number;
  readonly ratio?: number;
  readonly target?: Target;
  readonly note?: string;
};

export type Verdict = 'meets X' | 'meets S' | 'misses' | '—';

export function verdictOf({ target, ratio, ours }: Row): Verdict {
  if (target === undefined) return '—';
  const value = target.of === 'ratio' ? (ratio ?? Number.NaN) : ours;
  const reaches = (bound: number) => (target.better === 'lower' ? value <= bound : value >= bound);
  if (reaches(target.extraordinary)) return 'meets X';
  return reaches(target.solid) ? 'meets S' : 'misses';
}

export function atMost(solid: number, extraordinary: number, of: Target['of'] = 'ratio'): Target {
  return { of, better: 'lower', solid, extraordinary };
}

export function atLeast(solid: number, extraordinary: number): Target {
  return { of: 'ratio', better: 'higher', solid, extraordinary };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) throw new Error('Expected at least one measured value, found none.');
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Milliseconds between each moment and the next. */
export function gaps(moments: readonly number[]): number[] {
  return moments.slice(1).map((moment, index) => moment - moments[index]!);
}

export async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

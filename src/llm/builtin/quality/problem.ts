/** A problem of the data: its finding, a short name for the headline, and what its place in the report depends on. */
import type { Finding } from '../../../analysis/evidence.ts';
import type { Question } from '../rounds.ts';
import type { Reply } from '../script.ts';

export type Problem = {
  /** A few words without numbers, e.g. "units in `ounces`". */
  readonly label: string;
  readonly finding: Finding;
  /** How much it matters: the weight of its kind, plus the share of cells concerned. */
  readonly weight: number;
  /** A column whose cells are known to be changed in a regular way: comparing it with others would only repeat that. */
  readonly spoils?: { readonly dataset: string; readonly column: string };
};

/** A question of a check, with what its answer means. */
export type Check = Question & { readonly read: (reply: Reply) => Problem[] };

/**
 * How much a kind of problem matters, before its extent: wrong values that look right come first, then what makes a
 * column useless for arithmetic, then what is lost, then what is only untidy.
 */
export const weights = {
  silentlyWrong: 5,
  notComputable: 4,
  contradicting: 3,
  missing: 2,
  untidy: 1,
  remark: 0,
} as const;

/** Problems of the same finding list, worst first; the order of detection decides ties. */
export function byWeight(problems: readonly Problem[]): Problem[] {
  return problems
    .map((found, i) => ({ found, i }))
    .sort((a, b) => b.found.weight - a.found.weight || a.i - b.i)
    .map(({ found }) => found);
}

/** Wraps the zero or one findings of the quantity builders into problems. */
export function problem(label: string, weight: number, share: number, findings: readonly Finding[]): Problem[] {
  return findings.map((finding) => ({ label, finding, weight: weight + Math.min(Math.max(share, 0), 1) }));
}

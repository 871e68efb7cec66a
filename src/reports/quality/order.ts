/** The order in which a report tells the checks: what needs somebody first. */
import type { CheckResult, CheckVerdict } from '../../quality/check-result.ts';

const order: readonly CheckVerdict[] = ['failed', 'error', 'warning', 'learning', 'skipped', 'passed'];

export function needsSomebody({ verdict }: CheckResult): boolean {
  return verdict === 'failed' || verdict === 'error' || verdict === 'warning';
}

/** Checks of the same verdict stay as they stand in the contract. */
export function byNeed(checks: readonly CheckResult[]): readonly CheckResult[] {
  return checks.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

export const marks: Readonly<Record<CheckVerdict, string>> = {
  passed: '✓',
  warning: '!',
  failed: '✗',
  error: '?',
  skipped: '–',
  learning: '…',
};

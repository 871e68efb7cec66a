/** What a check asks for, in words, and the verdict when it does not get it. */
import type { Check } from './check.ts';
import type { CheckVerdict } from './check-result.ts';
import { comparisonsText, thresholdText } from './threshold.ts';

/** What a check asks for, in words. */
export function expectedText(check: Check): string {
  if ('threshold' in check) return thresholdText(check.threshold);
  if (check.kind === 'freshness' || check.kind === 'retention') return `age in seconds ${comparisonsText(check.must)}`;
  if ('must' in check) return comparisonsText(check.must);
  switch (check.kind) {
    case 'schema':
      return `no column ${check.refused.join(', ')}`;
    case 'volume': {
      const { maxDropPercent: drop, maxGrowthPercent: growth } = check;
      const bounds = [drop === undefined ? '' : `${drop} % below`, growth === undefined ? '' : `${growth} % above`];
      return `at most ${bounds.filter((bound) => bound !== '').join(' or ')} the median of earlier runs`;
    }
    case 'anomaly':
      return `within ${check.sensitivity} robust standard deviations of earlier runs`;
    case 'distributionDrift':
      return `${check.method} at most ${check.limit}`;
  }
}

/** The verdict on a rule that is broken. */
export function broken(check: Check): CheckVerdict {
  return check.severity === 'error' ? 'failed' : 'warning';
}

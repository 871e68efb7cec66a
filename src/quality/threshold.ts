/** Whether a number is what a check asks for, and how that is said in words. */
import type { Comparison, Threshold } from './check.ts';
import { compareDecimals } from './decimal.ts';

/** Every comparison must hold. Undefined when the value or a bound is no number. */
export function holds(must: readonly Comparison[], value: string): boolean | undefined {
  const held = must.map((one) => holdsOne(one, value));
  return held.includes(undefined) ? undefined : !held.includes(false);
}

function holdsOne(comparison: Comparison, value: string): boolean | undefined {
  if ('low' in comparison) {
    const [low, high] = [compareDecimals(value, comparison.low), compareDecimals(value, comparison.high)];
    if (low === undefined || high === undefined) return undefined;
    const within = low >= 0 && high <= 0;
    return comparison.kind === 'between' ? within : !within;
  }
  const order = compareDecimals(value, comparison.value);
  if (order === undefined) return undefined;
  switch (comparison.kind) {
    case 'equal':
      return order === 0;
    case 'notEqual':
      return order !== 0;
    case 'greater':
      return order > 0;
    case 'greaterOrEqual':
      return order >= 0;
    case 'less':
      return order < 0;
    case 'lessOrEqual':
      return order <= 0;
  }
}

const signs = { equal: '=', notEqual: '≠', greater: '>', greaterOrEqual: '≥', less: '<', lessOrEqual: '≤' } as const;

export function thresholdText({ unit, must }: Threshold): string {
  const [only] = must;
  if (must.length === 1 && only?.kind === 'equal' && only.value === '0') return 'no violating row';
  return `violating ${unit === 'percent' ? '% of rows' : 'rows'} ${comparisonsText(must)}`;
}

export function comparisonsText(must: readonly Comparison[]): string {
  return must.map(comparisonText).join(' and ');
}

function comparisonText(comparison: Comparison): string {
  if ('low' in comparison)
    return `${comparison.kind === 'between' ? '' : 'not '}between ${comparison.low} and ${comparison.high}`;
  return `${signs[comparison.kind]} ${comparison.value}`;
}

/** Exact: violating / evaluated as a decimal of 12 places, so that a limit of 0.1 % is not decided by rounding. */
export function percentOf(violating: bigint, evaluated: bigint): string {
  const scaled = (violating * 100n * 10n ** 12n) / evaluated;
  const digits = scaled.toString().padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`;
}

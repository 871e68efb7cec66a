/** Numbers as charts write them: shorter than in a sentence. */
import type { NumberFormat } from '../analysis/evidence.ts';
import { formatNumber, missingNumber } from '../analysis/numbers.ts';

export function chartNumber(value: number | null, format: NumberFormat): string {
  if (value === null) return missingNumber;
  return formatNumber(value, format).replace(' percentage points', ' pp').replace(' times', '×');
}

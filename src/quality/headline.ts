/** A run in one sentence. */
import type { TableResult, VerdictCounts } from './check-result.ts';

export function headlineOf(
  suite: string,
  counts: VerdictCounts,
  tables: readonly TableResult[],
  stopped: string | undefined,
): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const parts = [
    counts.failed > 0 ? `${counts.failed} failed` : '',
    counts.error > 0 ? `${counts.error} could not be evaluated` : '',
    counts.warning > 0 ? `${counts.warning} ${counts.warning === 1 ? 'warning' : 'warnings'}` : '',
    `${counts.passed} passed`,
    counts.learning > 0 ? `${counts.learning} learning` : '',
    counts.skipped > 0 ? `${counts.skipped} skipped` : '',
  ].filter((part) => part !== '');
  const where = `${total} ${total === 1 ? 'check' : 'checks'} of ${tables.length} ${tables.length === 1 ? 'table' : 'tables'}`;
  return `${suite}: ${stopped === undefined ? '' : `stopped (${stopped}); `}${parts.join(', ')} — ${where}`;
}

/** A quality run with a check of each verdict, and texts that mean something to whoever shows them. */
import type { CheckResult, CheckVerdict } from '../../../src/quality/check-result.ts';
import { countVerdicts } from '../../../src/quality/check-result.ts';
import type { RunDocument } from '../../../src/quality/run.ts';

export function checkOf(verdict: CheckVerdict, changes: Partial<CheckResult> = {}): CheckResult {
  return {
    id: `is-${verdict}`,
    contract: 'shop',
    definitionHash: 'abc',
    name: `The ${verdict} one`,
    kind: 'range',
    table: 'orders',
    columns: ['amount'],
    severity: verdict === 'warning' ? 'warning' : 'error',
    dimension: 'conformity',
    tags: [],
    verdict,
    reason: `It ${verdict}.`,
    expected: 'no violating row',
    place: { file: 'contracts/orders.odcs.yaml', line: 12 },
    ...changes,
  };
}

/** As files and people may name things. */
export const hostile = {
  name: 'a: 50 %, b] <c> & "d"; \u0000\u0007\uFFFE \u{1F600} ]]>',
  reason: 'line one\r\nline two ::error::x ##vso[task.complete result=Failed;] <!-- -->',
  file: 'contracts/a, b: 100%;].yaml',
};

export function runOf(checks: readonly CheckResult[]): RunDocument {
  return {
    schema: 'dpa.quality/1',
    id: 'quality-1',
    runId: '019abcde-0000-7000-8000-000000000001',
    suite: 'shop',
    interval: '2024-01-06',
    startedAt: '2024-01-07T02:00:00.000Z',
    endedAt: '2024-01-07T02:00:03.500Z',
    result: 'failed',
    exitCode: 1,
    counts: countVerdicts(checks.map(({ verdict }) => verdict)),
    headline: 'shop: 1 failed',
    contracts: [{ id: 'orders', version: '1.0.0' }],
    tables: [
      {
        table: 'orders',
        contract: 'orders',
        dataset: 'orders',
        rows: 6,
        columns: [{ name: 'amount', type: 'DOUBLE' }],
        checks,
        statements: 1,
        elapsedMs: 42,
      },
    ],
    unchecked: [],
    incidents: [],
    trends: {},
    problems: [],
  };
}

export const verdicts: readonly CheckVerdict[] = ['passed', 'warning', 'failed', 'error', 'skipped', 'learning'];

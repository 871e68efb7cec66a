/** result.json for those who cannot read files of the worker: as much of it as a message may hold. */
import type { RunDocument } from '../../quality/run.ts';
import { qualityResult } from './result-json.ts';

/** Below what a workflow's history and Airflow's XCom take without harm. */
const maxBytes = 48 * 1024;

/** When even what is broken is too much: the first so many, by need. */
const maxChecks = 50;

type Result = ReturnType<typeof qualityResult>;

/** What was left out is said in `shortened`. */
export function inlineResult(document: RunDocument): string {
  const whole = qualityResult(document);
  const steps: readonly (() => object)[] = [
    () => whole,
    () => ({ ...whole, shortened: 'rows, SQL and trends', checks: whole.checks.map(bare) }),
    () => ({
      ...whole,
      shortened: 'rows, SQL, trends, and checks that passed',
      checks: broken(whole).map(bare),
      tables: [],
    }),
  ];
  for (const step of steps) {
    const text = JSON.stringify(step());
    if (Buffer.byteLength(text) <= maxBytes) return text;
  }
  const { schema, id, runId, suite, interval, result, verdict, exitCode, headline, counts } = whole;
  const checks = broken(whole)
    .slice(0, maxChecks)
    .map(({ name, model, field, owner, verdict: found, reason }) => ({
      name,
      model,
      field,
      owner,
      verdict: found,
      reason: reason.slice(0, 300),
    }));
  const shortened = `all but the first ${checks.length} broken checks`;
  return JSON.stringify({
    schema,
    id,
    runId,
    suite,
    interval,
    result,
    verdict,
    exitCode,
    headline,
    counts,
    shortened,
    checks,
  });
}

function broken({ checks }: Result): Result['checks'] {
  return checks.filter(({ verdict }) => verdict === 'failed' || verdict === 'error' || verdict === 'warning');
}

function bare(check: Result['checks'][number]): object {
  const {
    implementation: _sql,
    failedSamples: _rows,
    failingRowsSql: _rowsSql,
    trend: _trend,
    segments: _segments,
    ...kept
  } = check;
  return kept;
}

/** From the numbers an engine found to the verdict on a check, the same for every engine. */
import type { Check, RowCheck } from './check.ts';
import type { CheckResult } from './check-result.ts';
import type { SourceColumn } from './dialect.ts';
import { broken, expectedText } from './expected.ts';
import { judgeDrift, judgeNumber } from './history-verdict.ts';
import type { JudgeContext, Judged, Outcome } from './outcome.ts';
import { changesAgainst, changesSince } from './schema-change.ts';
import type { FoundChange } from './schema-change.ts';
import { holds, percentOf, thresholdText } from './threshold.ts';
import { columnsOf } from './check-columns.ts';

export function judge(check: Check, outcome: Outcome, context: JudgeContext): CheckResult {
  const { id, contract, definitionHash, name, kind, table, severity, dimension, owner, tags } = check;
  const basics = {
    id,
    contract,
    definitionHash,
    name,
    kind,
    table,
    severity,
    dimension,
    tags,
    columns: columnsOf(check),
  };
  return { ...basics, ...(owner === undefined ? {} : { owner }), ...judged(check, outcome, context) };
}

function judged(check: Check, outcome: Outcome, context: JudgeContext): Judged {
  switch (outcome.kind) {
    case 'unevaluable':
      return { verdict: 'error', reason: outcome.reason, expected: expectedText(check) };
    case 'counted':
      return judgeRows(check as RowCheck, outcome);
    case 'measured':
      return judgeMeasured(check, outcome, context);
    case 'distribution':
      return judgeDrift(check as Extract<Check, { kind: 'distributionDrift' }>, outcome, context);
    case 'columns':
      return judgeSchema(check as Extract<Check, { kind: 'schema' }>, outcome.columns, context);
  }
}

function judgeRows(check: RowCheck, { rows, evaluated, violating }: Extract<Outcome, { kind: 'counted' }>): Judged {
  const expected = thresholdText(check.threshold);
  if (rows === 0n) return { verdict: 'skipped', reason: noRows(check), expected };
  if (evaluated === 0n) return { verdict: 'skipped', reason: noValues(rows), expected };
  const percent = percentOf(violating, evaluated);
  const value = check.threshold.unit === 'percent' ? percent : violating.toString();
  const kept = holds(check.threshold.must, value);
  const counts = {
    expected,
    actual: value,
    evaluatedRows: Number(evaluated),
    violatingRows: Number(violating),
    violatingPercent: Number(percent),
  };
  if (kept === undefined)
    return { ...counts, verdict: 'error', reason: `Expected a threshold of numbers: ${expected}.` };
  const found = `${violating} of ${evaluated} rows violate it (${shortPercent(percent)} %)`;
  if (kept)
    return {
      ...counts,
      verdict: 'passed',
      reason: violating === 0n ? 'No row violates it.' : `${found}, which is allowed.`,
    };
  return { ...counts, verdict: broken(check), reason: `Expected ${expected}; ${found}.` };
}

function judgeMeasured(check: Check, outcome: Extract<Outcome, { kind: 'measured' }>, context: JudgeContext): Judged {
  const { rows } = outcome;
  const counted = check.kind === 'rowCount' || check.kind === 'volume' ? rows.toString() : outcome.value;
  if (check.kind === 'volume' || check.kind === 'anomaly') {
    // A number of rows is a number also when it is 0; of nothing else is there any.
    if (counted === null) return { verdict: 'skipped', reason: noValue(check, rows), expected: expectedText(check) };
    return judgeNumber(check, isAge(check) ? ageSeconds(counted, context) : counted, rows, context);
  }
  if (!('must' in check)) return { verdict: 'error', reason: 'Expected a check of a number.', expected: '' };
  const expected = expectedText(check);
  if (counted === null) return { verdict: 'skipped', reason: noValue(check, rows), expected };
  const value = isAge(check) ? ageSeconds(counted, context) : counted;
  const kept = holds(check.must, value);
  if (kept === undefined)
    return {
      verdict: 'error',
      reason: `Expected a number, found ${JSON.stringify(value)}. Correct the query.`,
      expected,
    };
  const shown = isAge(check) ? durationText(Number(value)) : value;
  if (kept) return { verdict: 'passed', reason: `Found ${shown}.`, expected, actual: value };
  return { verdict: broken(check), reason: `Expected ${expected}, found ${shown}.`, expected, actual: value };
}

/** The engine says when; how old that is, is counted to the end of the data interval. */
function isAge(check: Check): boolean {
  if (check.kind === 'aggregate' || check.kind === 'anomaly') return check.measure.kind === 'age';
  return check.kind === 'freshness' || check.kind === 'retention';
}

/** `moment` in seconds since 1970. */
function ageSeconds(moment: string, { intervalEndMs }: JudgeContext): string {
  return (intervalEndMs / 1000 - Number(moment)).toFixed(0);
}

function judgeSchema(
  check: Extract<Check, { kind: 'schema' }>,
  columns: readonly SourceColumn[],
  context: JudgeContext,
): Judged {
  const expected = expectedText(check);
  const changes = found();
  if (changes === undefined)
    return {
      verdict: 'learning',
      reason: 'The columns of this run are what the next ones are compared with.',
      expected,
    };
  const refused = changes.filter(({ change }) => check.refused.includes(change));
  const texts = (refused.length > 0 ? refused : changes).map(({ text }) => text).join('; ');
  if (refused.length > 0)
    return { verdict: broken(check), reason: `${texts}.`, expected, actual: String(refused.length) };
  const reason = changes.length === 0 ? `${columns.length} columns, as expected.` : `${texts}, which is allowed.`;
  return { verdict: 'passed', reason, expected, actual: '0' };

  function found(): readonly FoundChange[] | undefined {
    if (check.against === 'contract') return changesAgainst(context.table, columns, context.kindOf);
    return context.columnsBefore === undefined ? undefined : changesSince(context.columnsBefore, columns);
  }
}

function noRows(check: Check): string {
  return check.filter === undefined ? 'The table is empty.' : 'No row fulfils the filter.';
}

function noValues(rows: bigint): string {
  return `There is nothing to look at: of ${rows} rows none has a value.`;
}

function noValue(check: Check, rows: bigint): string {
  return rows === 0n ? noRows(check) : noValues(rows);
}

function shortPercent(percent: string): string {
  const value = Number(percent);
  return value > 0 && value < 0.01 ? '< 0.01' : value.toFixed(value < 10 ? 2 : 1);
}

function durationText(seconds: number): string {
  const { size, unit, digits } = durations.find(({ from }) => Math.abs(seconds) >= from)!;
  return `an age of ${(seconds / size).toFixed(digits)} ${unit}`;
}

/** The largest unit that says it in at least two. */
const durations = [
  { from: 172_800, size: 86_400, unit: 'days', digits: 1 },
  { from: 7_200, size: 3_600, unit: 'h', digits: 1 },
  { from: 120, size: 60, unit: 'min', digits: 0 },
  { from: 0, size: 1, unit: 's', digits: 0 },
] as const;

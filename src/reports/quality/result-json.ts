/** result.json of a quality run: what datacontract-cli's test results have, with the same names, and what this program knows beyond it. */
import { keyOf } from '../../quality/check-id.ts';
import type { CheckResult } from '../../quality/check-result.ts';
import type { RunDocument } from '../../quality/run.ts';

/** `learning` is a word of ours; `unknown` is theirs for a check that says nothing yet. */
const theirWords = {
  passed: 'passed',
  warning: 'warning',
  failed: 'failed',
  error: 'error',
  skipped: 'skipped',
  learning: 'unknown',
} as const;

const categories: Readonly<Record<string, string>> = {
  schema: 'schema',
  typeConformity: 'schema',
  freshness: 'servicelevel',
};

export function qualityResult(document: RunDocument) {
  const { id, runId, suite, interval, contracts, startedAt, endedAt, result, exitCode, headline, counts } = document;
  const [first] = contracts;
  return {
    schema: document.schema,
    runId,
    dataContractId: first?.id ?? null,
    dataContractVersion: first?.version ?? null,
    dataContractName: first?.name ?? null,
    dataProductId: null,
    outputPortId: null,
    server: null,
    filters: null,
    dryRun: false,
    timestampStart: startedAt,
    timestampEnd: endedAt,
    result: theirWords[result],
    checks: document.tables.flatMap(({ checks }) => checks.map((check) => checkOf(document, check))),
    logs: document.problems.map((message) => ({ level: 'WARN', message, timestamp: endedAt })),
    id,
    suite,
    interval,
    contracts,
    verdict: result,
    exitCode,
    headline,
    counts,
    tables: document.tables.map(({ checks: _checks, ...table }) => table),
    unchecked: document.unchecked,
    incidents: document.incidents,
    ...(document.stopped === undefined ? {} : { stopped: document.stopped }),
    ...(document.uiUrl === undefined ? {} : { uiUrl: document.uiUrl }),
  };
}

function checkOf({ trends, incidents }: RunDocument, check: CheckResult) {
  const incident = incidents.find(
    (event) => event.kind !== 'closed' && event.incident.check === keyOf(check),
  )?.incident;
  return {
    id: check.id,
    key: keyOf(check),
    category: categories[check.kind] ?? 'quality',
    type: check.kind,
    name: check.name,
    model: check.table,
    field: check.columns.length === 1 ? check.columns[0]! : null,
    qualityId: check.id,
    qualityDefinition: null,
    tags: check.tags,
    engine: 'dpa',
    language: check.statement === undefined ? null : 'sql',
    implementation: check.statement ?? null,
    result: theirWords[check.verdict],
    reason: check.reason,
    diagnostics: { expected: check.expected, actual: check.actual ?? null },
    failedSamples: check.sample === undefined ? null : samplesOf(check.sample),
    verdict: check.verdict,
    ruleId: check.id,
    definitionHash: check.definitionHash,
    dimension: check.dimension,
    severity: check.severity,
    owner: check.owner ?? null,
    place: check.place ?? null,
    columns: check.columns,
    expected: check.expected,
    actual: check.actual ?? null,
    evaluatedRows: check.evaluatedRows ?? null,
    violatingRows: check.violatingRows ?? null,
    violatingPercent: check.violatingPercent ?? null,
    failingRowsSql: check.sample?.statement ?? null,
    withheldColumns: check.sample?.withheld ?? [],
    segments: check.segments ?? [],
    movedRows: check.movedRows ?? [],
    baseline: check.baseline ?? null,
    failingSince: incident?.openedAt ?? null,
    incident: incident?.fingerprint ?? null,
    trend: trends[keyOf(check)] ?? [],
  };
}

function samplesOf({ columns, rows }: NonNullable<CheckResult['sample']>) {
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])));
}

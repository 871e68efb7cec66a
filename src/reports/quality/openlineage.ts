/** A quality run as OpenLineage events: its inputs with what was asserted of them; counts and names, never a value of a row. */
import type { CheckResult, TableResult } from '../../quality/check-result.ts';
import { readInterval } from '../../quality/interval.ts';
import type { RunDocument } from '../../quality/run.ts';

export const defaultNamespace = 'dpa';

const producer = 'https://www.npmjs.com/package/data-processing-assistant';
const spec = 'https://openlineage.io/spec';

/** What is known when a run begins. */
export type StartedRun = {
  readonly runId: string;
  readonly suite: string;
  readonly interval: string;
  readonly startedAt: string;
  readonly data: readonly string[];
  readonly datasets: readonly string[];
};

/** The same run gives the same event, so that one that is sent twice changes nothing. */
export function startEvent(run: StartedRun, namespace: string): object {
  const inputs = [...new Set(run.datasets)].map((dataset) => datasetName(run.data, dataset));
  return { ...event('START', run.startedAt, run, namespace), inputs, outputs: [] };
}

/** A run whose checks failed is complete; it failed when nothing at all could be evaluated. */
export function endEvent(document: RunDocument, namespace: string): object {
  const { counts, endedAt, stopped, tables, data = [] } = document;
  const judged = Object.values(counts).reduce((sum, count) => sum + count, 0) - counts.error;
  const type = stopped !== undefined ? 'ABORT' : judged === 0 && counts.error > 0 ? 'FAIL' : 'COMPLETE';
  const message = `${counts.error} checks could not be evaluated.`;
  const errors =
    counts.error === 0
      ? {}
      : { errorMessage: facet('1-0-1', 'ErrorMessageRunFacet', { message, programmingLanguage: 'SQL' }) };
  return {
    ...event(type, endedAt, document, namespace, errors),
    inputs: tables.flatMap((table) => (table.dataset === undefined ? [] : [inputOf(table, table.dataset, data)])),
    outputs: [],
  };
}

function event(
  eventType: string,
  eventTime: string,
  { runId, suite, interval }: { readonly runId: string; readonly suite: string; readonly interval: string },
  namespace: string,
  runFacets: object = {},
): object {
  return {
    eventType,
    eventTime,
    producer,
    schemaURL: `${spec}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: { runId, facets: { ...nominalTime(interval), ...runFacets } },
    job: {
      namespace,
      name: `quality.${suite}`,
      facets: {
        jobType: facet('2-0-4', 'JobTypeJobFacet', { processingType: 'BATCH', integration: 'DPA', jobType: 'QUALITY' }),
      },
    },
  };
}

function nominalTime(interval: string): object {
  const read = readInterval(interval);
  if (read === undefined) return {};
  const [nominalStartTime, nominalEndTime] = [read.startMs, read.endMs].map((ms) => new Date(ms).toISOString());
  return { nominalTime: facet('1-0-1', 'NominalTimeRunFacet', { nominalStartTime, nominalEndTime }) };
}

function inputOf(table: TableResult, dataset: string, data: readonly string[]): object {
  const { checks, columns, rows } = table;
  const fields = columns.map(({ name, type }) => ({ name, type }));
  const metrics = { ...(rows === undefined ? {} : { rowCount: rows }), columnMetrics: nullCounts(table) };
  return {
    ...datasetName(data, dataset),
    facets: { schema: facet('1-2-0', 'SchemaDatasetFacet', { fields }) },
    inputFacets: {
      dataQualityMetrics: facet('1-0-3', 'DataQualityMetricsInputDatasetFacet', metrics),
      dataQualityAssertions: facet('1-1-0', 'DataQualityAssertionsDatasetFacet', {
        assertions: checks.flatMap(assertionsOf),
      }),
    },
  };
}

/** Only of rules that looked at every row. */
function nullCounts({ checks, rows }: TableResult): Readonly<Record<string, { nullCount: number }>> {
  const found = checks.flatMap(({ kind, columns, evaluatedRows, violatingRows }) =>
    kind === 'nullValues' && violatingRows !== undefined && evaluatedRows === rows
      ? [[columns[0]!, { nullCount: violatingRows }] as const]
      : [],
  );
  return Object.fromEntries(found);
}

/** What was not judged asserts nothing; what could not be evaluated is no success. */
function assertionsOf(check: CheckResult): readonly object[] {
  const { verdict, kind, columns, name, severity, expected } = check;
  if (verdict === 'skipped' || verdict === 'learning') return [];
  return [
    {
      assertion: kind,
      success: verdict === 'passed',
      ...(columns.length === 1 ? { column: columns[0] } : {}),
      severity: severity === 'warning' ? 'warn' : 'error',
      name,
      ...(verdict === 'error' ? { description: 'It could not be evaluated.' } : {}),
      expected,
      ...actualOf(check),
    },
  ];
}

const countingKinds = ['rowCount', 'volume', 'freshness', 'retention', 'schema', 'sequenceGaps'];

/** A minimum or the answer of somebody's own query may be what stands in a row; a count is none. */
function actualOf({ kind, actual, violatingRows }: CheckResult): object {
  return actual !== undefined && (violatingRows !== undefined || countingKinds.includes(kind)) ? { actual } : {};
}

function facet(version: string, name: string, content: object): object {
  return { _producer: producer, _schemaURL: `${spec}/facets/${version}/${name}.json#/$defs/${name}`, ...content };
}

/** As the naming rules of OpenLineage want it: the bucket and the key, or `file` and the path. */
function datasetName(data: readonly string[], dataset: string): { readonly namespace: string; readonly name: string } {
  const path = data.find((one) => plain(one) === plain(dataset)) ?? (data.length === 1 ? data[0]! : undefined);
  const isFolder = path !== undefined && plain(path) !== plain(dataset) && !/\.\w+$/.test(path);
  const name = path === undefined ? dataset : isFolder ? `${path.replace(/\/$/, '')}/${dataset}` : path;
  const [, bucket, key] = /^([a-z][a-z0-9+.-]*:\/\/[^/]+)\/(.+)$/i.exec(name) ?? [];
  return bucket === undefined || key === undefined ? { namespace: 'file', name } : { namespace: bucket, name: key };
}

/** As the tool server makes the name of a dataset of that of a file. */
function plain(path: string): string {
  const stem = path
    .replace(/[/\\]+$/, '')
    .replace(/^.*[/\\]/, '')
    .replace(/\.(csv|tsv|json|ndjson|jsonl|parquet|pq)(\.gz)?$/i, '');
  return stem.toLowerCase().replaceAll(/[^\p{L}\p{N}_]+/gu, '_');
}

import { endEvent, startEvent } from '../../../src/reports/quality/openlineage.ts';
import { checkOf, runOf, verdicts } from './sample-run.ts';

type Event = {
  readonly eventType: string;
  readonly run: { readonly facets: Record<string, object> };
  readonly inputs: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly inputFacets: {
      readonly dataQualityMetrics: object;
      readonly dataQualityAssertions: { readonly assertions: readonly { readonly success: boolean }[] };
    };
  }[];
};

const ended = (...parameters: Parameters<typeof runOf>) => endEvent(runOf(...parameters), 'dpa') as Event;

test('a failed check is an assertion without success of a run that is complete', () => {
  const { eventType, inputs, run } = ended(verdicts.map((verdict) => checkOf(verdict)));
  expect(eventType).toBe('COMPLETE');
  expect(inputs[0]!.inputFacets.dataQualityAssertions.assertions).toMatchObject([
    { assertion: 'range', success: true, column: 'amount', severity: 'error', name: 'The passed one' },
    { success: false, severity: 'warn' },
    { success: false, severity: 'error' },
    { success: false, description: 'It could not be evaluated.' },
  ]);
  expect(run.facets).toMatchObject({
    nominalTime: { nominalStartTime: '2024-01-06T00:00:00.000Z', nominalEndTime: '2024-01-07T00:00:00.000Z' },
    errorMessage: { message: '1 checks could not be evaluated.' },
  });
});

test('a run failed when nothing could be evaluated, and was aborted when a person stopped it', () => {
  expect(ended([checkOf('error')]).eventType).toBe('FAIL');
  expect(endEvent({ ...runOf([checkOf('passed')]), stopped: 'by a person' }, 'dpa')).toMatchObject({
    eventType: 'ABORT',
  });
});

test('metrics are counts: rows, and NULLs where every row was looked at', () => {
  const counted = { kind: 'nullValues', violatingRows: 2, actual: '2' };
  const { inputs } = ended([
    checkOf('failed', { ...counted, columns: ['amount'], evaluatedRows: 6 }),
    checkOf('failed', { ...counted, columns: ['email'], evaluatedRows: 4 }),
  ]);
  expect(inputs[0]!.inputFacets.dataQualityMetrics).toMatchObject({
    rowCount: 6,
    columnMetrics: { amount: { nullCount: 2 } },
  });
});

test('no value of a row leaves: neither samples, nor reasons, nor what a query of somebody found', () => {
  const sample = { columns: ['amount'], rows: [['secret-row']], statement: 'SELECT secret-row', withheld: [] };
  const event = ended([
    checkOf('failed', { sample, reason: 'secret-row', statement: 'secret-row' }),
    checkOf('failed', { kind: 'sql', actual: 'secret-row' }),
  ]);
  expect(JSON.stringify(event)).not.toContain('secret-row');
});

test.each([
  [['/data/orders.csv'], 'orders', 'file', '/data/orders.csv'],
  [['/data/My orders.csv', '/data/b.csv'], 'my_orders', 'file', '/data/My orders.csv'],
  [['/data/exports'], 'orders', 'file', '/data/exports/orders'],
  [['s3://bucket/a/orders.parquet'], 'orders', 's3://bucket', 'a/orders.parquet'],
])('data at %s: the dataset %s is called %s %s', (data, dataset, namespace, name) => {
  const run = {
    runId: 'r',
    suite: 's',
    interval: '2024-01-06',
    startedAt: '2024-01-07T00:00:00Z',
    data,
    datasets: [dataset],
  };
  expect(startEvent(run, 'dpa')).toMatchObject({ eventType: 'START', inputs: [{ namespace, name }] });
});

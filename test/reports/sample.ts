/** A report on made-up churn data, built the way a real one is. */
import type { DerivationName } from '../../src/analysis/derivations.ts';
import { derive } from '../../src/analysis/derivations.ts';
import type { NumberFormat, Quantity, Source, Submission } from '../../src/analysis/evidence.ts';
import { evaluateSource } from '../../src/analysis/sources.ts';
import type { Cell, Table } from '../../src/analysis/table.ts';
import { verifyFindings } from '../../src/analysis/verification.ts';
import { assembleReport, type CitedResult, type ReportFacts } from '../../src/reports/assemble.ts';
import type { Report } from '../../src/reports/report.ts';

const percent: NumberFormat = { style: 'percent', digits: 1 };
const points: NumberFormat = { style: 'points', digits: 1 };
const count: NumberFormat = { style: 'count' };

export const tables: Readonly<Record<string, Table>> = {
  t2c0: table('tickets VARCHAR, customers BIGINT, churned BIGINT, churn_rate DOUBLE', [
    ['0', '21044', '1212', 1212 / 21044],
    ['1-2', '16310', '1591', 1591 / 16310],
    ['3-5', '8921', '1742', 1742 / 8921],
    ['6 or more', '3725', '1387', 1387 / 3725],
  ]),
  t2c1: table(
    'month VARCHAR, active BIGINT, churned BIGINT, churn_rate DOUBLE',
    [0.98, 1.01, 0.99, 1.03, 1.0, 0.97, 1.02, 1.01, 0.99, 1.0, 1.02, 1.34].map((rate, index) => [
      `2025-${String(index + 1).padStart(2, '0')}`,
      String(48000 + index * 150),
      String(Math.round(rate * 490)),
      (rate * 490) / (48000 + index * 150),
    ]),
  ),
  t3c0: table('plan VARCHAR, customers BIGINT, churned BIGINT, churn_rate DOUBLE', [
    ['Free trial extended', '4210', '870', 870 / 4210],
    ['Basic', '23990', '3302', 3302 / 23990],
    ['Plus', '15120', '1399', 1399 / 15120],
    ['Enterprise', '6680', '361', 361 / 6680],
  ]),
  t3c1: table('region VARCHAR, change DOUBLE', [
    ['North', 0.012],
    ['East', -0.021],
    ['South', 0],
    ['West', null],
  ]),
};

const tickets = {
  rest: [cell('t2c0', 0, 'churned'), cell('t2c0', 0, 'customers')],
  most: [cell('t2c0', 3, 'churned'), cell('t2c0', 3, 'customers')],
};
const heavyAgainstNone = [...tickets.most, ...tickets.rest];

export const submission: Submission = {
  headline:
    'Customers who need support leave: tickets are the strongest driver of churn, then the plan; December stands out.',
  findings: [
    {
      severity: 'key',
      statement:
        'Of customers with `6 or more` tickets {0} churned, against {1} of those with none: a difference of {2} (confidence interval {3} to {4}).',
      quantities: [
        derived('share', tickets.most, percent),
        derived('share', tickets.rest, percent),
        derived('shareDifference', heavyAgainstNone, points),
        derived('shareDifferenceLow', heavyAgainstNone, points),
        derived('shareDifferenceHigh', heavyAgainstNone, points),
      ],
      chart: {
        kind: 'bars',
        title: 'Churn by number of tickets',
        call: 't2c0',
        label: 'tickets',
        value: 'churn_rate',
        format: percent,
      },
    },
    {
      severity: 'key',
      statement: 'In `2025-12` {0} customers left, {1} more than in `2025-11`.',
      quantities: [
        quantity(cell('t2c1', 11, 'churned'), count),
        derived('percentChange', [cell('t2c1', 11, 'churned'), cell('t2c1', 10, 'churned')], percent),
      ],
      chart: {
        kind: 'line',
        title: 'Churn rate by month',
        call: 't2c1',
        label: 'month',
        value: 'churn_rate',
        format: { style: 'percent', digits: 2 },
      },
    },
    {
      severity: 'key',
      statement:
        'Plan `Free trial extended` loses {0} of its customers (confidence interval {1} to {2}), `Enterprise` {3}.',
      quantities: [
        derived('share', [cell('t3c0', 0, 'churned'), cell('t3c0', 0, 'customers')], percent),
        derived('wilsonLow', [cell('t3c0', 0, 'churned'), cell('t3c0', 0, 'customers')], percent),
        derived('wilsonHigh', [cell('t3c0', 0, 'churned'), cell('t3c0', 0, 'customers')], percent),
        derived('share', [cell('t3c0', 3, 'churned'), cell('t3c0', 3, 'customers')], percent),
      ],
      chart: {
        kind: 'bars',
        title: 'Churn by plan',
        call: 't3c0',
        label: 'plan',
        value: 'churn_rate',
        format: percent,
      },
    },
    {
      severity: 'supporting',
      statement: 'Region `North` changed by {0} and `East` by {1} against the year before.',
      quantities: [quantity(cell('t3c1', 0, 'change'), points), quantity(cell('t3c1', 1, 'change'), points)],
      chart: {
        kind: 'bars',
        title: 'Change of churn by region',
        call: 't3c1',
        label: 'region',
        value: 'change',
        format: points,
      },
    },
    {
      severity: 'supporting',
      statement: 'Half of the customers, {0}, never opened a ticket.',
      quantities: [quantity(cell('t2c0', 0, 'customers'), count)],
    },
    {
      severity: 'caveat',
      statement:
        'Plans and tickets go together, so the effect of `plan` is partly that of tickets; among {0} customers of `Enterprise` both are rare.',
      quantities: [quantity(cell('t3c0', 3, 'customers'), count)],
    },
  ],
  limits: [
    'Reasons given by customers in free text were not read; a language model could.',
    'Association only: nothing here shows that fewer tickets would keep customers.',
  ],
};

export const facts: ReportFacts = {
  id: 'analysis-01K9ZD3W6Q4M8T',
  runId: '019ab1c2-77aa-7f00-b0c5-3f1d2e4a5b6c',
  status: 'completed',
  exitCode: 0,
  task: 'Analyze customer churn patterns in the sales database',
  datasets: [
    { name: 'customers', rows: 50000, classification: 'internal' },
    { name: 'subscriptions', rows: 61234 },
    { name: 'support_tickets', rows: 98211 },
  ],
  plan: {
    steps: [
      { title: 'Find the outcome, keys and dates in the catalogue', state: 'done' },
      { title: 'Compare churn across segments', state: 'done' },
      { title: 'Look at churn over time', state: 'done' },
      { title: 'Read the free-text reasons in `cancel_reason`', state: 'dropped' },
    ],
  },
  model: 'builtin',
  startedAt: '2026-01-14T09:12:03.000Z',
  endedAt: '2026-01-14T09:12:21.400Z',
  steps: 9,
  modelCalls: 9,
  toolCalls: 14,
  usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, costUsd: 0 },
  uiUrl: 'http://127.0.0.1:8233/namespaces/default/workflows/analysis-01K9ZD3W6Q4M8T',
};

export const results: ReadonlyMap<string, CitedResult> = new Map(
  Object.entries(tables).map(([call, result], index) => [
    call,
    {
      table: result,
      ref: `sha256:${String(index).repeat(64)}`,
      tool: 'data_lake__query',
      query: `SELECT ${result.columns.map(({ name }) => name).join(', ')}\nFROM customers\nWHERE signup_date < DATE '2026-01-01'\nGROUP BY 1\nORDER BY 1`,
      resultHash: `${'0123456789abcdef'.repeat(3)}${'f'.repeat(15)}${index}`,
      verifiedAt: '2026-01-14T09:12:20.000Z',
    },
  ]),
);

export function sampleReport(change: Partial<ReportFacts> = {}): Report {
  const repeated = new Map(Object.entries(tables).map(([call, original]) => [call, { original, rerun: original }]));
  const verification = verifyFindings(
    submission,
    repeated,
    new Set([facts.task, ...facts.datasets.map(({ name }) => name)]),
  );
  return assembleReport({ ...facts, ...change }, submission, verification.findings, results);
}

function table(columns: string, rows: readonly (readonly Cell[])[]): Table {
  const described = columns.split(', ').map((column) => {
    const [name = '', type = ''] = column.split(' ');
    return { name, type };
  });
  return { columns: described, rows };
}

function cell(call: string, row: number, column: string): Source {
  return { kind: 'cell', call, row, column };
}

function quantity(source: Source, format: NumberFormat): Quantity {
  const evaluation = evaluateSource(source, (call) => tables[call]);
  if (evaluation.kind === 'problem') throw new Error(evaluation.problem);
  return { value: evaluation.value, format, source };
}

function derived(op: DerivationName, of: readonly Source[], format: NumberFormat): Quantity {
  const values = of.map((source) => quantity(source, format).value);
  const value = derive(op, values);
  if (value === undefined) throw new Error(`${op} of ${values.join(', ')} has no value`);
  return { value, format, source: { kind: 'derived', op, of } };
}

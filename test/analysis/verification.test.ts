import { createHash } from 'node:crypto';
import type { Finding, Source, Submission } from '../../src/analysis/evidence.ts';
import { compareTables, resultHash } from '../../src/analysis/table-equality.ts';
import type { Cell, Table } from '../../src/analysis/table.ts';
import { citedCalls, verifyFindings, type Repeated } from '../../src/analysis/verification.ts';

const churn = table([
  ['gold', '120', '1000', 0.12],
  ['silver', '400', '2000', 0.2],
]);

function table(rows: readonly (readonly Cell[])[]): Table {
  const columns = [
    { name: 'plan', type: 'VARCHAR' },
    { name: 'churned', type: 'BIGINT' },
    { name: 'customers', type: 'BIGINT' },
    { name: 'rate', type: 'DOUBLE' },
  ];
  return { columns, rows };
}

function cell(row: number, column: string, call = 't1c0'): Source {
  return { kind: 'cell', call, row, column };
}

const finding: Finding = {
  statement: '`silver` loses {0} of its customers, {1} more than `gold`.',
  quantities: [
    { value: 0.2, format: { style: 'percent' }, source: cell(1, 'rate') },
    {
      value: 400 / 2000 - 120 / 1000,
      format: { style: 'points' },
      source: {
        kind: 'derived',
        op: 'shareDifference',
        of: [cell(1, 'churned'), cell(1, 'customers'), cell(0, 'churned'), cell(0, 'customers')],
      },
    },
  ],
  severity: 'key',
};

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function verify(change: Partial<Finding>, rerun: Repeated['rerun'] = churn, headline = 'Plans differ in `churn`.') {
  const submission: Submission = { headline, findings: [{ ...finding, ...change }], limits: [] };
  return verifyFindings(
    submission,
    new Map([['t1c0', { original: churn, rerun }]]),
    new Set(['Analyze churn in sales']),
  );
}

function changed(row: number, column: number, value: Cell): Table {
  return table(churn.rows.map((cells, r) => cells.map((was, c) => (r === row && c === column ? value : was))));
}

test('what is true and repeatable is verified', () => {
  expect(verify({})).toEqual({ kind: 'verified', findings: [{ kind: 'verified' }], problems: [] });
});

test('rows in another order and noise in the last bits of floats are no difference', () => {
  const noisy = changed(1, 3, 0.2 * (1 + 1e-12));
  expect(verify({}, noisy).kind).toBe('verified');
  expect(verify({}, table(churn.rows.toReversed())).kind).toBe('verified');
  expect(verify({}, table(noisy.rows.toReversed())).kind).toBe('verified');
});

test.each<[string, Repeated['rerun'], RegExp]>([
  ['a changed count', changed(1, 1, '401'), /row 1, column `churned` was "400" and is now "401"/],
  ['a changed count that no number cites', changed(0, 0, 'bronze'), /is not the same when run again/],
  ['a float beyond rounding', changed(1, 3, 0.2000001), /was 0.2 and is now 0.2000001/],
  ['a number that is now missing', changed(1, 3, null), /is now null/],
  ['a missing row', table(churn.rows.slice(1)), /there were 2 rows and are now 1/],
  ['a row in place of another', table([churn.rows[0]!, churn.rows[0]!]), /is not the same/],
  [
    'another column type',
    { ...churn, columns: churn.columns.map(({ name }) => ({ name, type: 'VARCHAR' })) },
    /columns were/,
  ],
  ['a re-run that failed', { failed: 'the file is gone' }, /could not be run again: the file is gone/],
])('%s is refused', (_, rerun, message) => {
  const verification = verify({}, rerun);
  expect(verification.kind).toBe('refused');
  expect(verification.problems.join('\n')).toMatch(message);
});

test.each<[string, Partial<Finding>, RegExp]>([
  [
    'a planted wrong number',
    { quantities: [{ ...finding.quantities[0]!, value: 0.21 }, finding.quantities[1]!] },
    /quantity 0 is given as 0.21, its source comes to 0.2/,
  ],
  [
    'a wrong number in the ninth digit',
    { quantities: [{ ...finding.quantities[0]!, value: 0.2 + 1e-9 }, finding.quantities[1]!] },
    /quantity 0/,
  ],
  [
    'a cell that does not exist',
    { quantities: [{ ...finding.quantities[0]!, source: cell(2, 'rate') }] },
    /no row 2, column `rate`: it has 2 rows/,
  ],
  [
    'a cell that is no number',
    { quantities: [{ ...finding.quantities[0]!, source: cell(1, 'plan') }] },
    /expected a number .* found "silver"/,
  ],
  [
    'a call never made',
    { quantities: [{ ...finding.quantities[0]!, source: cell(1, 'rate', 't9c9') }] },
    /no result of a call `t9c9`/,
  ],
  ['a name not in the data', { statement: '`platinum` loses {0}, {1} more.' }, /`platinum` occurs neither/],
  ['a number hidden in back-quotes', { statement: '`2000` customers, {0}, {1} and `37` more.' }, /`37` occurs neither/],
  [
    'a chart of a missing column',
    { chart: { kind: 'bars', title: 'x', call: 't1c0', label: 'plan', value: 'rates', format: { style: 'percent' } } },
    /the chart uses the column `rates`/,
  ],
  [
    'a division by zero',
    {
      quantities: [
        {
          value: 0,
          format: { style: 'times' },
          source: {
            kind: 'derived',
            op: 'ratio',
            of: [cell(0, 'rate'), { kind: 'derived', op: 'difference', of: [cell(0, 'rate'), cell(0, 'rate')] }],
          },
        },
      ],
    },
    /no finite value/,
  ],
])('%s is refused', (_, change, message) => {
  const verification = verify(change);
  expect(verification.findings[0]?.kind).toBe('refused');
  expect(verification.problems.join('\n')).toMatch(message);
});

test('the headline may name only what is known; its problem leaves the findings verified', () => {
  const verification = verify({}, churn, 'Customers of `acme` leave.');
  expect(verification.kind).toBe('refused');
  expect(verification.findings).toEqual([{ kind: 'verified' }]);
  expect(verification.problems).toEqual([expect.stringMatching(/^headline: `acme`/)]);
});

test('one wrong finding does not spoil the others', () => {
  const submission: Submission = {
    headline: 'Plans differ.',
    findings: [{ ...finding, statement: '`tin` {0} {1}' }, finding],
    limits: ['`lead` is missing.'],
  };
  const verification = verifyFindings(submission, new Map([['t1c0', { original: churn, rerun: churn }]]), new Set());
  expect(verification.findings.map(({ kind }) => kind)).toEqual(['refused', 'verified']);
  expect(verification.problems).toHaveLength(2);
});

test('every call behind a number or a chart has to be run again, each once', () => {
  const chart = {
    kind: 'line',
    title: 'x',
    call: 't2c1',
    label: 'plan',
    value: 'rate',
    format: { style: 'percent' },
  } as const;
  expect(citedCalls({ headline: 'x', findings: [finding, { ...finding, chart }], limits: [] })).toEqual([
    't1c0',
    't2c1',
  ]);
});

test('equal results have equal hashes, and a changed cell or type changes the hash', () => {
  const copy = table(churn.rows.map((row) => [...row]));
  expect(resultHash(copy, sha256)).toBe(resultHash(churn, sha256));
  expect(resultHash(changed(0, 1, 120), sha256)).not.toBe(resultHash(churn, sha256));
});

test('ten thousand shuffled rows are compared in under two seconds', () => {
  const rows = Array.from({ length: 10_000 }, (_, index) => [`p${index % 500}`, String(index), '1', index / 7]);
  const started = performance.now();
  expect(compareTables(table(rows), table(rows.toReversed()))).toEqual({ kind: 'same' });
  expect(performance.now() - started).toBeLessThan(2000);
});

test('a row that came twice has to come twice again', () => {
  const [gold, silver] = churn.rows;
  const twice = table([gold!, gold!, silver!]);
  expect(compareTables(twice, table([silver!, gold!, gold!])).kind).toBe('same');
  expect(compareTables(twice, table([silver!, silver!, gold!])).kind).toBe('different');
});

test('a number in back-quotes has to stand in a result cited right there, a word may come from any', () => {
  const other = table([['bronze', '77', '99', 0.7]]);
  const results = new Map([churn, other].map((original, index) => [`t${index + 1}c0`, { original, rerun: original }]));
  const problemsWith = (statement: string): readonly string[] =>
    verifyFindings({ headline: 'x', findings: [{ ...finding, statement }], limits: [] }, results, new Set()).problems;
  expect(problemsWith('{0} {1} `bronze`')).toEqual([]);
  expect(problemsWith('{0} {1} `2000`')).toEqual([]);
  expect(problemsWith('{0} {1} `77`')).toEqual([expect.stringContaining('`77` occurs neither')]);
});

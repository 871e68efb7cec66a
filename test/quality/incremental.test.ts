/** Files that did not change are not read again, and what is found is the same as when all of them are. */
import { appendFile, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { incrementsFor } from '../../src/activities/quality-increments.ts';
import type { Ask, QualitySource } from '../../src/quality/ask.ts';
import type { Check } from '../../src/quality/check.ts';
import { duckdbDialect } from '../../src/quality/duckdb-dialect.ts';
import { evaluateTable, type Evaluation } from '../../src/quality/evaluate.ts';
import { isLasting, type Partials } from '../../src/quality/increments.ts';
import { merged } from '../../src/quality/merge.ts';
import { withLake } from '../support/lake-ask.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-increments-'));
  await mkdir(join(folder, 'sales'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const none = { unit: 'rows', must: [{ kind: 'equal', value: '0' }] };
const any = [{ kind: 'greaterOrEqual', value: '-1e30' }];
const rules = [
  { kind: 'rowCount', must: any },
  { kind: 'nullValues', column: 'note', threshold: none },
  { kind: 'nullValues', column: 'note', filter: 'amount > 50', threshold: none },
  { kind: 'range', column: 'amount', of: 'number', minimum: { value: '1', exclusive: false }, threshold: none },
  { kind: 'acceptedValues', column: 'shop', values: ['a', 'b'], refused: false, threshold: none },
  { kind: 'rowExpression', expression: 'amount < 1000', columns: ['amount'], threshold: none },
  { kind: 'rowExpression', expression: 'day <= current_date', columns: ['day'], threshold: none },
  { kind: 'duplicateValues', columns: ['id'], threshold: none },
  { kind: 'duplicateValues', columns: ['shop', 'id'], threshold: none },
  { kind: 'functionalDependency', determinant: ['id'], column: 'shop', threshold: none },
  { kind: 'failedRows', query: 'SELECT * FROM ${table} WHERE amount = 7', threshold: none },
  { kind: 'distributionDrift', column: 'amount', method: 'psi', limit: '0.2', buckets: 10 },
  { kind: 'freshness', column: 'day', must: any },
  { kind: 'sequenceGaps', column: 'id', step: { kind: 'number', by: '1' }, must: any },
  ...['average', 'sum', 'minimum', 'maximum', 'stddev', 'distinctCount', 'nullPercent'].map((kind) => ({
    kind: 'aggregate',
    measure: { kind, column: 'amount' },
    must: any,
  })),
  { kind: 'aggregate', measure: { kind: 'minimum', column: 'day' }, must: any },
  { kind: 'aggregate', measure: { kind: 'sum', column: 'price' }, must: any },
];

const checks = rules.map((rule, index) => {
  const base = { id: `c${index}`, contract: 'c', definitionHash: 'h', name: `${rule.kind} ${index}`, table: 'sales' };
  return { severity: 'error', dimension: 'accuracy', tags: [], source: '', ...base, ...rule } as unknown as Check;
});

/** A night as the program checks it; `known` undefined reads all. */
async function night(known: Partials | undefined, isIncremental = true): Promise<Evaluation & { asked: string[] }> {
  return withLake([folder], async (lake) => {
    const asked: string[] = [];
    const ask: Ask = (statement, options) => {
      asked.push(options.files?.only === undefined ? 'all' : `${options.files.only.length} files`);
      return lake.ask(statement, options);
    };
    const [dataset = ''] = await lake.datasets();
    const columns = await lake.columns(dataset);
    const described = columns.map(({ name }) => ({ name, physicalName: name }));
    const table = { name: 'sales', physicalName: 'sales', columns: described, tags: [] } as never;
    const context = { table, dataset, columns, dialect: duckdbDialect, others: new Map() };
    const source = { ...lake } as unknown as QualitySource;
    const increments = isIncremental ? await incrementsFor(source, context, known) : undefined;
    const judging = {
      table,
      kindOf: (type: string) => duckdbDialect.kindOf(type),
      intervalEndMs: Date.UTC(2024, 5, 1),
      interval: '2024-06-01',
      earlier: [],
      columnsBefore: undefined,
    };
    return { ...(await evaluateTable(context, checks, () => judging, ask, increments)), asked };
  });
}

/** Without what an engine with several threads may say in another way: which rows it shows first, the last digits of a float. */
const found = ({ results, rows, distributions }: Evaluation) => ({
  results: results.map(({ sample: _sample, actual, reason, ...rest }) => ({
    ...rest,
    actual: actual === undefined ? undefined : Number(Number(actual).toPrecision(12)),
    reason: reason.replaceAll(/\d+\.\d{6,}/g, (number) => Number(number).toPrecision(12)),
  })),
  rows,
  distributions,
});

function csv(from: number, rows: number): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const id = from + index;
    const note = id % 5 === 0 ? '' : `n${id}`;
    return `${id % 97},${id % 120},${(id % 7) / 4},${'abc'[id % 3]},2024-01-${String(1 + (id % 28)).padStart(2, '0')},${note}`;
  });
  return `id,amount,price,shop,day,note\n${lines.join('\n')}\n`;
}

test('CSV files: nothing is read when nothing changed, one file when one did, and it is the same as reading all', async () => {
  const file = (index: number) => join(folder, 'sales', `s${index}.csv`);
  for (let index = 0; index < 6; index += 1) await writeFile(file(index), csv(index * 100, 100));
  const first = await night(undefined);
  expect(found(first)).toEqual(found(await night(undefined, false)));
  expect(first.files).toEqual({ total: 6, read: 6 });
  // The author's own query and what asks for today are asked each night.
  const second = await night(first.partials);
  expect(found(second)).toEqual(found(first));
  expect(second.asked.filter((what) => what !== 'all')).toEqual([]);
  await appendFile(file(3), '500,-5,2.5,a,2024-03-01,\n');
  const third = await night(second.partials);
  expect(third.asked).toContain('1 files');
  expect(found(third)).toEqual(found(await night(undefined, false)));
  expect(found(third)).not.toEqual(found(second));
  await rm(file(0));
  await writeFile(file(7), csv(900, 10));
  expect(found(await night(third.partials))).toEqual(found(await night(undefined, false)));
});

test('a column that changes its type, and a file without rows', async () => {
  await writeFile(join(folder, 'sales', 'a.csv'), csv(0, 30));
  await writeFile(join(folder, 'sales', 'b.csv'), csv(30, 30));
  const first = await night(undefined);
  await writeFile(join(folder, 'sales', 'c.csv'), csv(60, 5).replace('60,', 'sixty,'));
  await writeFile(join(folder, 'sales', 'd.csv'), csv(0, 0));
  const second = await night(first.partials);
  expect(found(second)).toEqual(found(await night(undefined, false)));
});

test('a file of the same size whose time is set back is another one', async () => {
  const file = join(folder, 'sales', 'b.csv');
  await writeFile(join(folder, 'sales', 'a.csv'), csv(0, 30));
  await writeFile(file, csv(30, 30));
  await utimes(file, 1_700_000_000, 1_700_000_000);
  const first = await night(undefined);
  await writeFile(file, csv(30, 30).replace('n31', 'n3 '));
  await utimes(file, 1_700_000_000, 1_700_000_000);
  const second = await night(first.partials);
  expect(second.files).toMatchObject({ total: 2 });
  expect(second.asked).toContain('1 files');
});

test('Parquet in folders by day, where a column is new in the last files', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const write = async (day: string, more: string) => {
    await mkdir(join(folder, 'sales', `day=2024-02-${day}`), { recursive: true });
    await connection.run(`COPY (SELECT (i * ${Number(day)}) % 97 AS id, CAST(i % 120 AS INTEGER) AS amount, CAST(i % 7 AS DECIMAL(12,3)) / 4 AS price,
      ['a','b','c'][1 + i % 3] AS shop, CASE WHEN i % 5 = 0 THEN NULL ELSE 'n' || i END AS note ${more} FROM range(200) t(i))
      TO '${join(folder, 'sales', `day=2024-02-${day}`, 'part.parquet')}' (FORMAT parquet)`);
  };
  for (const day of ['01', '02', '03']) await write(day, '');
  const first = await night(undefined);
  expect(found(first)).toEqual(found(await night(undefined, false)));
  await write('02', '');
  const second = await night(first.partials);
  expect(second.asked).toContain('1 files');
  expect(found(second)).toEqual(found(await night(undefined, false)));
  await write('04', ', 1 AS extra');
  expect(found(await night(second.partials))).toEqual(found(await night(undefined, false)));
  connection.closeSync();
  instance.closeSync();
});

test.each([
  [['12.50', '1.5', null], 'add', '14.00'],
  [['9007199254740993', '1'], 'add', '9007199254740994'],
  [[-1, '-0.05'], 'add', '-1.05'],
  [[0.25, 1], 'add', 1.25],
  [[null, null], 'add', null],
  [['10', '9'], 'least', '9'],
  [['-1e3', '9'], 'least', '-1e3'],
  [['2024-01-02', '2023-12-31'], 'greatest', '2024-01-02'],
  [['x', 'y'], 'least', undefined],
  [['NaN', '1'], 'add', undefined],
] as const)('%j %s is %j', (cells, by, expected) => {
  expect(merged(cells, by)).toEqual(expected);
});

test('what may say something else tomorrow is asked again', () => {
  for (const sql of ['day <= current_date', 'd < NOW()', 'x IN (SELECT y FROM z)', 'random() < 1'])
    expect(isLasting(sql)).toBe(false);
  for (const sql of ['amount > 1', `note = 'now'`, '"today" = 1', 'count_if("age" > 3)'])
    expect(isLasting(sql)).toBe(true);
});

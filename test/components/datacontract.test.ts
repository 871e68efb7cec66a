/** The same contracts run by datacontract-cli, the standard's own command line: check by check the same verdicts and counts. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readContract } from '../../src/contracts/read-contract.ts';
import type { CheckResult } from '../../src/quality/check-result.ts';
import { duckdbDialect } from '../../src/quality/duckdb-dialect.ts';
import { evaluateTable } from '../../src/quality/evaluate.ts';
import { installPython, type PythonPrograms } from '../support/components/python-packages.ts';
import { withLake } from '../support/lake-ask.ts';

const sets = [
  ['orders', 'orders.csv'],
  ['stations', 'stations.csv'],
  ['readings', 'readings.json'],
] as const;

type Finding = { readonly passed: boolean; readonly count: number | undefined };

/** What differs on purpose: docs/contracts.md says why. */
const known: Readonly<Record<string, { readonly theirs: Finding; readonly ours: Finding }>> = {
  // Repeated values there, rows beyond the first here.
  'orders: duplicateValues order_id': { theirs: { passed: false, count: 1 }, ours: { passed: false, count: 2 } },
  // 1 of 4 rows there, 1 of the 3 rows that have a value here; less than 30 % is asked for.
  'readings: value-known': { theirs: { passed: true, count: 1 }, ours: { passed: false, count: 1 } },
};

let folder: string;
let python: PythonPrograms;

beforeAll(async () => {
  python = await installPython('datacontract', ['datacontract-cli[duckdb]==1.2.8']);
  folder = await mkdtemp(join(tmpdir(), 'dpa-agreement-'));
  await cp(fileURLToPath(new URL('../fixtures/agreement', import.meta.url)), folder, { recursive: true });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(sets)('%s: both say the same of each check', async (name, data) => {
  const theirs = await foundByThem(name);
  const ours = await foundByUs(name, data);
  expect(theirs.size).toBeGreaterThan(5);
  for (const [key, found] of theirs) {
    const expected = known[`${name}: ${key}`] ?? { theirs: found, ours: found };
    expect({ key, theirs: found, ours: ours.get(key) }).toEqual({ key, ...expected });
  }
});

type TheirCheck = {
  readonly type: string;
  readonly field: string | null;
  readonly qualityId: string | null;
  readonly result: string;
  readonly diagnostics: { readonly value?: number } | null;
};

const kindOfTheirs: Readonly<Record<string, string>> = {
  field_required: 'nullValues',
  field_unique: 'duplicateValues',
  field_minimum: 'range',
  field_maximum: 'range',
  field_not_equal: 'range',
  field_min_length: 'length',
  field_max_length: 'length',
  field_regex: 'pattern',
};

async function foundByThem(name: string): Promise<Map<string, Finding>> {
  const output = join(folder, `${name}.theirs.json`);
  const words = ['test', `${name}.odcs.yaml`, '--output', output, '--output-format', 'json'];
  // Its exit code is 1 when a check fails, which is no failure here.
  await new Promise<void>((resolve) => {
    execFile(python.program('datacontract'), words, { cwd: folder, env: { ...process.env, HOME: folder } }, () =>
      resolve(),
    );
  });
  const { checks } = JSON.parse(await readFile(output, 'utf8')) as { checks: TheirCheck[] };
  const found = new Map<string, Finding>();
  for (const { type, field, qualityId, result, diagnostics } of checks) {
    const kind = kindOfTheirs[type];
    // That a column is there is one check of the table with us; JSON files they look at by JSON Schema once more.
    if (qualityId === null && kind === undefined) continue;
    expect(['passed', 'failed']).toContain(result);
    const key = qualityId ?? `${kind} ${field}`;
    const before = found.get(key) ?? { passed: true, count: 0 };
    const count = (before.count ?? 0) + (diagnostics?.value ?? Number.NaN);
    found.set(key, { passed: before.passed && result === 'passed', count });
  }
  return found;
}

async function foundByUs(name: string, data: string): Promise<Map<string, Finding>> {
  const read = await readContract(join(folder, `${name}.odcs.yaml`));
  if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults));
  const { contract } = read;
  const [table] = contract.tables;
  const results = await withLake([join(folder, data)], async (lake) => {
    const [dataset = ''] = await lake.datasets();
    const columns = await lake.columns(dataset);
    const context = { table: table!, dataset, columns, dialect: duckdbDialect, others: new Map() };
    const judgeContext = {
      table: table!,
      kindOf: (type: string) => duckdbDialect.kindOf(type),
      intervalEndMs: Date.UTC(2024, 0, 7),
      interval: '2024-01-06',
      earlier: [],
      columnsBefore: undefined,
    };
    return (await evaluateTable(context, contract.checks, () => judgeContext, lake.ask)).results;
  });
  const ids = new Set(contract.checks.filter(({ source }) => source.includes('quality')).map(({ id }) => id));
  return new Map(
    results.map((result) => [
      ids.has(result.id) ? result.id : `${result.kind} ${result.columns[0]}`,
      findingOf(result),
    ]),
  );
}

function findingOf({ verdict, violatingRows, actual }: CheckResult): Finding {
  const number = violatingRows ?? actual;
  return { passed: verdict === 'passed', count: number === undefined ? undefined : Number(number) };
}

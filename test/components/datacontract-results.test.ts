/** result.json of a real run, read by datacontract-cli's own model of test results: all of its fields, none lost, the same overall result. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installPython, type PythonPrograms } from '../support/components/python-packages.ts';
import { dpa } from '../support/dpa.ts';

const run = promisify(execFile);
const reader = fileURLToPath(new URL('../support/components/read-test-results.py', import.meta.url));

/** The version of their program, which no run of ours has. */
const notOurs = 'datacontractCliVersion';

type Read = {
  readonly fields: readonly string[];
  readonly checkFields: readonly string[];
  readonly result: string;
  readonly calculated: string;
  readonly checks: readonly Record<string, unknown>[];
};

let folder: string;
let env: Record<string, string>;
let python: PythonPrograms;

beforeAll(async () => {
  python = await installPython('datacontract', ['datacontract-cli[duckdb]==1.2.8']);
  folder = await mkdtemp(join(tmpdir(), 'dpa-agreement-'));
  await cp(fileURLToPath(new URL('../fixtures/agreement', import.meta.url)), folder, { recursive: true });
  env = { DPA_HOME: join(folder, 'home') };
  expect((await dpa(['up'], { cwd: folder, env })).code).toBe(0);
});

afterAll(async () => {
  await dpa(['down'], { cwd: folder, env });
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['orders', 'orders.csv'],
  ['stations', 'stations.csv'],
  ['readings', 'readings.json'],
])('the results of %s', async (name, data) => {
  const { code } = await dpa(['quality', 'run', `${name}.odcs.yaml`, '--data', data, '-o', name], { cwd: folder, env });
  expect(code).toBe(1);
  const path = join(folder, name, 'result.json');
  const ours = JSON.parse(await readFile(path, 'utf8')) as { result: string; checks: Record<string, unknown>[] };
  const { stdout } = await run(python.program('python'), [reader, path]);
  const theirs = JSON.parse(stdout) as Read;
  expect(theirs.fields.filter((field) => field !== notOurs && !(field in ours))).toEqual([]);
  expect(theirs.calculated).toBe(ours.result);
  expect(theirs.result).toBe(ours.result);
  expect(theirs.checks.length).toBe(ours.checks.length);
  theirs.checks.forEach((check, index) => {
    const own = ours.checks[index]!;
    expect(theirs.checkFields.filter((field) => !(field in own))).toEqual([]);
    for (const field of theirs.checkFields)
      expect({ field, value: check[field] }).toEqual({ field, value: own[field] });
  });
});

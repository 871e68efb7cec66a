/** What is wrong around a run, its history, its data, their types, is told by name; the rest of the run goes on. */
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resumeSignal } from '../../src/workflows/messages.ts';
import { qualityStatusQuery } from '../../src/workflows/quality-messages.ts';
import { openQualityProgram, type QualityProgram } from '../support/quality-program.ts';

const rule = (check: string) => `{ type: custom, engine: dpa, implementation: ${check} }`;

const contract = `apiVersion: v3.1.0
kind: DataContract
id: shop
version: 1.0.0
status: active
schema:
  - name: orders
    properties:
      - name: id
        quality: [{ metric: nullValues, mustBe: 0 }]
      - name: amount
        logicalType: number
        quality:
          - ${rule('{ check: range, minimum: 0 }')}
          - ${rule('{ check: aggregate, measure: { average: amount }, mustBeGreaterThan: 0 }')}
          - ${rule('{ check: distributionDrift, method: psi }')}
      - name: at
        quality: [${rule('{ check: freshness, maxAge: 3 d }')}]
  - name: customers
    properties:
      - name: id
        quality: [{ metric: nullValues, mustBe: 0 }]
`;

const orders = 'id,amount,at\n1,5,2024-01-01T10:00:00\n2,6,2024-01-01T11:00:00\n';

let program: QualityProgram;
let data: string;
let given: { contract: string; data: readonly string[] };

beforeAll(async () => {
  program = await openQualityProgram();
  data = join(program.folder, 'data');
  await mkdir(data);
  await writeFile(join(data, 'orders.csv'), orders);
  given = { contract, data: [data] };
}, 120_000);

afterAll(() => program[Symbol.asyncDispose]());

beforeEach(() => writeFile(join(data, 'customers.csv'), 'id\n1\n'));

const verdictsOf = (checks: readonly { verdict: string }[]) => [...new Set(checks.map(({ verdict }) => verdict))];

test.each([
  ['cut off', '{"schema":"dpa.quality-poi'],
  ['of no checks', '{"schema":"dpa.quality-point/2","interval":"2024-01-01","checks":null,"columns":{}}'],
  [
    'of checks that are none',
    '{"schema":"dpa.quality-point/2","interval":"2024-01-01","checks":{"a":null},"columns":{}}',
  ],
  ['of another version', '{"schema":"dpa.quality-point/9","interval":"2024-01-01","checks":{},"columns":{}}'],
  ['empty', ''],
])('a history object that is %s is named and kept aside, and the run goes on', async (_, text) => {
  const folder = join(program.config.qualityFolder, 'shop');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, '2024-01-01.json'), text);
  const outcome = await program.night('2024-01-02', given);
  expect(outcome.exitCode).toBe(0);
  const { problems } = await program.documentOf(outcome);
  expect(problems).toEqual([expect.stringContaining('Expected the history of 2024-01-01')]);
  expect(await readFile(join(folder, '2024-01-01.json.unreadable'), 'utf8')).toBe(text);
  expect((await readdir(folder)).toSorted()).toEqual(['2024-01-01.json.unreadable', '2024-01-02.json']);
});

test('a table that vanished since the night before is an error and an incident; the other one is checked', async () => {
  await program.night('2024-02-01', given);
  await rm(join(data, 'customers.csv'));
  const outcome = await program.night('2024-02-02', given);
  expect(outcome.exitCode).toBe(3);
  const { tables, incidents } = await program.documentOf(outcome);
  expect(verdictsOf(tables.find(({ table }) => table === 'customers')!.checks)).toEqual(['error']);
  expect(verdictsOf(tables.find(({ table }) => table === 'orders')!.checks)).not.toContain('error');
  const opened = incidents.filter(({ kind }) => kind === 'opened').map(({ incident }) => incident);
  expect([...new Set(opened.map(({ table }) => table))]).toEqual(['customers']);
  expect(opened[0]?.reason).toContain('Expected data for the table "customers"');
});

test('a table that vanishes in the middle of a run is an error with its reason; the other one is checked', async () => {
  const handle = await program.heldNight('2024-03-01', given);
  while ((await handle.query(qualityStatusQuery)).tables.length === 0) continue;
  await rm(join(data, 'customers.csv'));
  await handle.signal(resumeSignal, {});
  const outcome = await handle.result();
  expect(outcome.exitCode).toBe(3);
  const { tables } = await program.documentOf(outcome);
  const customers = tables.find(({ table }) => table === 'customers')!.checks;
  expect(customers.find(({ kind }) => kind === 'nullValues')).toMatchObject({ verdict: 'error' });
  expect(customers.find(({ kind }) => kind === 'nullValues')?.reason).toContain('customers');
  expect(verdictsOf(tables.find(({ table }) => table === 'orders')!.checks)).not.toContain('error');
});

test('data that is gone altogether is told as errors, not as a lost run', async () => {
  const gone = { contract, data: [join(program.folder, 'nowhere')] };
  const outcome = await program.night('2024-04-01', gone);
  expect(outcome).toMatchObject({ exitCode: 3, counts: { passed: 0 } });
  expect((await program.documentOf(outcome)).tables[0]?.checks[0]?.reason).toContain('nowhere');
});

test('values of another type break the rules about them and nothing else', async () => {
  await writeFile(join(data, 'orders.csv'), 'id,amount,at\n1,five,yesterday\n2,6,never\n');
  const outcome = await program.night('2024-05-01', given);
  await writeFile(join(data, 'orders.csv'), orders);
  const { tables } = await program.documentOf(outcome);
  const { checks } = tables.find(({ table }) => table === 'orders')!;
  expect(Object.fromEntries(checks.map(({ kind, verdict }) => [kind, verdict]))).toMatchObject({
    nullValues: 'passed',
    typeConformity: 'failed',
    range: 'failed',
    schema: 'failed',
    freshness: 'skipped',
  });
  expect(outcome.exitCode).toBe(1);
});

/** The Airflow package in a real Airflow, against a real Temporal service and a real worker of ours. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import { openAirflow, type Airflow } from '../support/components/airflow.ts';
import { openServerProcess, type ServerProcess } from '../support/components/server-process.ts';
import { openTestService, type TestService } from '../support/temporal-service.ts';

const run = promisify(execFile);
const packageFolder = fileURLToPath(new URL('../../integrations/airflow', import.meta.url));
const program = fileURLToPath(new URL('../../src/client.ts', import.meta.url));
const command = fileURLToPath(new URL('../../bin/dpa.js', import.meta.url));
const day = '2026-11-24';

let folder: string;
let service: TestService;
let client: Client;
let airflow: Airflow;
let worker: ServerProcess | undefined;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-airflow-'));
  const shop = join(folder, 'shop');
  await mkdir(join(shop, 'contracts'), { recursive: true });
  await mkdir(join(shop, day));
  await writeFile(join(shop, day, 'orders.csv'), 'id,amount\n1,5\n2,7\n');
  await writeFile(join(shop, 'bad.csv'), 'id,amount\n1,5\n2,-7\n');
  await writeFile(join(shop, 'empty.csv'), 'id,amount\n');
  await writeFile(
    join(shop, 'contracts/orders.odcs.yaml'),
    'apiVersion: v3.1.0\nkind: DataContract\nid: orders\nversion: 1.0.0\nstatus: active\nschema:\n  - name: orders\n    properties:\n      - name: amount\n        logicalType: number\n        logicalTypeOptions: { minimum: 0 }\n',
  );
  // An empty CSV file has no types.
  await writeFile(
    join(shop, 'loose.odcs.yaml'),
    'apiVersion: v3.1.0\nkind: DataContract\nid: loose\nversion: 1.0.0\nstatus: active\nschema:\n  - name: orders\n    properties:\n      - name: amount\n        required: true\n',
  );
  service = await openTestService();
  client = new Client({ connection: service.connection });
  env = { TEMPORAL_ADDRESS: service.address, DPA_HOME: join(folder, 'home'), SHOP: shop, DPA: command };
  airflow = await openAirflow(folder, env);
});

afterAll(async () => {
  await airflow?.close();
  await stopWorker();
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

async function startWorker(): Promise<void> {
  const words = ['--disable-warning=ExperimentalWarning', program, 'worker'];
  worker = await openServerProcess({
    command: process.execPath,
    words,
    env,
    cwd: folder,
    // It is ready when it answers to Temporal, which is there already.
    readyUrl: service.uiUrl,
  });
}

async function stopWorker(): Promise<void> {
  await worker?.[Symbol.asyncDispose]();
  worker = undefined;
}

async function executionsOf(dag: string, id: string): Promise<string[]> {
  const found: string[] = [];
  const task = dag === 'asks' ? 'ask' : 'check';
  for await (const { status } of client.workflow.list({ query: `WorkflowId = 'airflow-${dag}-${id}-${task}'` }))
    found.push(status.name);
  return found;
}

type Document = {
  schema: string;
  verdict?: string;
  exitCode: number;
  interval?: string;
  checks?: { verdict: string }[];
};

test('the package passes its own tests, is typed, and its example can be read', async () => {
  const options = { cwd: packageFolder, env: airflow.env };
  const python = airflow.python.program('python');
  const tests = await run(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'tests'], options);
  expect(tests.stdout).toMatch(/\d+ passed/);
  const types = await run(python, ['-m', 'mypy', '--cache-dir', join(python, '../../mypy')], options);
  expect(types.stdout).toContain('no issues found');
  await run(python, [join(packageFolder, 'examples/dpa_nightly.py')], options);
});

test('without a worker of ours a task waits and holds no slot; a kill cancels the run, a retry finds it again', async () => {
  await airflow.start();
  await airflow.trigger('left', 'one');
  await airflow.until('left', 'one', 'deferred');
  await airflow.trigger('impatient', 'one');
  await airflow.trigger('killed', 'one');
  await airflow.until('killed', 'one', 'deferred');
  // The only slot is free while three wait.
  await airflow.trigger('plain', 'one');
  await airflow.until('plain', 'one', 'success');
  expect(airflow.taskOf('left', 'one').state).toBe('deferred');

  await airflow.setState('killed', 'one', 'check', 'failed');
  await airflow.trigger('killed_in_worker', 'one');
  await airflow.until('killed_in_worker', 'one', 'running');
  while ((await executionsOf('killed_in_worker', 'one')).length === 0) await delay(200);
  await airflow.setState('killed_in_worker', 'one', 'check', 'failed');
  while (airflow.taskOf('impatient', 'one').tries < 3) await delay(200);
  for (const dag of ['killed', 'killed_in_worker']) while (!(await wasCancelled(dag))) await delay(200);
  expect(await wasCancelled('left')).toBe(false);

  await startWorker();
  await airflow.until('impatient', 'one', 'success');
  expect(await executionsOf('impatient', 'one')).toEqual(['COMPLETED']);
  expect(airflow.xcom('impatient', 'one')).toMatchObject({ schema: 'dpa.quality/1', verdict: 'passed', interval: day });
  await airflow.until('left', 'one', 'failed');
  expect(airflow.xcom('left', 'one')).toMatchObject({ verdict: 'failed', exitCode: 1 });
  expect(airflow.taskOf('left', 'one').tries).toBe(1);
});

async function wasCancelled(dag: string): Promise<boolean> {
  const { events } = await client.workflow.getHandle(`airflow-${dag}-one-check`).fetchHistory();
  return (events ?? []).some(({ workflowExecutionCancelRequestedEventAttributes: asked }) => asked != null);
}

test('a task that was cleared checks anew, since the data was mended meanwhile', async () => {
  await writeFile(join(folder, 'shop/bad.csv'), 'id,amount\n1,5\n');
  await airflow.clear('left', 'one', 'check');
  await airflow.until('left', 'one', 'success');
  expect((await executionsOf('left', 'one')).length).toBe(2);
  await airflow.clear('impatient', 'one', 'check');
  while ((await executionsOf('impatient', 'one')).length < 2) await delay(200);
  await writeFile(join(folder, 'shop/bad.csv'), 'id,amount\n1,5\n2,-7\n');
  await airflow.stop();
});

test.each<[string, number, Partial<Document> | undefined, string]>([
  ['passes', 0, { schema: 'dpa.quality/1', verdict: 'passed', interval: day }, '3 passed'],
  ['fails', 1, { verdict: 'failed', exitCode: 1 }, 'failed  orders.amount'],
  ['nothing', 0, { schema: 'dpa.quality/1', exitCode: 0 }, 'nothing to look at'],
  ['broken', 1, undefined, 'Config.Invalid'],
  ['asks', 0, { schema: 'dpa.analysis/1', exitCode: 0 }, ''],
  ['by_bash', 0, { verdict: 'passed' }, ''],
  ['by_bash_nothing', 0, undefined, 'Skipping'],
])('airflow dags test %s', async (dag, code, document, said) => {
  const ran = await airflow.testDag(dag, day);
  expect(ran.output).toContain(said);
  expect(ran.code).toBe(code);
  const id = airflow.runOf(dag);
  expect(airflow.taskOf(dag, id).tries).toBe(1);
  const value = airflow.xcom(dag, id);
  const found = typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
  expect(found ?? {}).toMatchObject(document ?? {});
  expect(found === undefined).toBe(document === undefined);
});

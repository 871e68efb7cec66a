/** Events of a run, sent to a real receiver and read strictly into the classes that openlineage-python generates from the published schemas. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endEvent } from '../../src/reports/quality/openlineage.ts';
import { checkOf, hostile, runOf, verdicts } from '../reports/quality/sample-run.ts';
import { installPython, type PythonPrograms } from '../support/components/python-packages.ts';
import { dpa } from '../support/dpa.ts';
import { openReceiver, type Receiver } from '../support/receiver.ts';

const run = promisify(execFile);
const reader = fileURLToPath(new URL('../support/components/read-openlineage.py', import.meta.url));

let folder: string;
let python: PythonPrograms;
let receiver: Receiver;

beforeAll(async () => {
  python = await installPython('openlineage', ['openlineage-python==1.54.0']);
  folder = await mkdtemp(join(tmpdir(), 'dpa-openlineage-'));
  receiver = await openReceiver();
});

afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function readStrictly(events: readonly unknown[]) {
  const file = join(folder, 'events.ndjson');
  await writeFile(file, events.map((event) => JSON.stringify(event)).join('\n'));
  return run(python.program('python'), [reader, file]);
}

test('a real run sends START and COMPLETE, and both are what the schemas say', async () => {
  await cp(fileURLToPath(new URL('../fixtures/agreement', import.meta.url)), folder, { recursive: true });
  const env = { DPA_HOME: join(folder, 'home'), OPENLINEAGE_URL: receiver.url, OPENLINEAGE_NAMESPACE: 'nightly' };
  try {
    expect((await dpa(['up'], { cwd: folder, env })).code).toBe(0);
    const words = ['orders.odcs.yaml', '--data', 'orders.csv', '--interval', '2024-01-06', '-o', 'out'];
    await dpa(['quality', 'run', ...words, '--format', 'json,openlineage'], { cwd: folder, env });
    receiver.status = 503;
    const untold = await dpa(['quality', 'run', 'orders.odcs.yaml', '--data', 'orders.csv'], { cwd: folder, env });
    expect(untold).toMatchObject({ code: 1, stdout: expect.stringContaining('found HTTP 503') as unknown });
  } finally {
    await dpa(['down'], { cwd: folder, env });
  }
  const events = receiver.received.map(({ body }) => body as { eventType: string });
  expect(events.map(({ eventType }) => eventType)).toEqual(['START', 'COMPLETE', 'START', 'COMPLETE']);
  const [kept = ''] = (await readFile(join(folder, 'out/events.ndjson'), 'utf8')).split('\n');
  await expect(readStrictly([...events, JSON.parse(kept)])).resolves.toMatchObject({ stderr: '' });
});

test('events of each verdict, of hostile names, of a stopped run and of one without results', async () => {
  const all = runOf(verdicts.map((verdict) => checkOf(verdict)));
  const documents = [
    all,
    runOf([checkOf('failed', { name: hostile.name, columns: [hostile.name], actual: '1', violatingRows: 1 })]),
    { ...all, stopped: 'by a person' },
    runOf([checkOf('error')]),
  ];
  const events = documents.map((document) => endEvent(document, 'dpa'));
  await expect(readStrictly(events)).resolves.toMatchObject({ stderr: '' });
});

test('what is no event is refused', async () => {
  const event = endEvent(runOf([checkOf('failed')]), 'dpa');
  await expect(readStrictly([{ ...event, runs: 1 }])).rejects.toThrow(/has no \['runs'\]/);
  await expect(readStrictly([{ ...event, eventType: 'DONE' }])).rejects.toThrow(/DONE/);
});

/** A quality run that is stopped, by its command or by Temporal, stops the statement in the engine. */
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { loadConfig } from '../../../src/config.ts';
import { hostStatus } from '../../../src/temporal/attach.ts';
import { dpa } from '../../support/dpa.ts';

let folder: string;
let env: Record<string, string>;
let hostPid: number;
let client: Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-cancelled-'));
  env = { DPA_HOME: join(folder, 'home') };
  await writeFile(join(folder, 'orders.csv'), `id\n${Array.from({ length: 5_000 }, (_, id) => id).join('\n')}\n`);
  // 5,000 to the fourth rows: nobody waits for its end.
  await writeFile(
    join(folder, 'endless.yaml'),
    'apiVersion: v3.1.0\nkind: DataContract\nid: endless\nversion: 1.0.0\nstatus: active\nschema:\n  - name: orders\n    quality:\n      - { type: sql, query: "SELECT count(*) FROM {table} a, {table} b, {table} c, {table} d WHERE a.id + b.id < c.id * d.id", mustBe: 1 }\n',
  );
  expect((await dpa(['up'], { cwd: folder, env })).code).toBe(0);
  const status = await hostStatus(loadConfig({ ...process.env, ...env }, folder));
  hostPid = status!.pid;
  client = new Client({ connection: await Connection.connect({ address: status!.address! }) });
}, 120_000);

afterAll(async () => {
  await client.connection.close();
  await dpa(['down'], { cwd: folder, env });
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** Clock ticks that the tool server with the engine has worked so far; 0 while there is none. */
function ticksOfEngine(): number {
  const processes = readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => ({ pid, fields: fieldsOf(pid), command: read(`/proc/${pid}/cmdline`) }));
  const parentOf = new Map(processes.map(({ pid, fields }) => [pid, fields[1] ?? '0']));
  const isOfHost = (pid: string): boolean =>
    pid === String(hostPid) || (Number(pid) > 1 && isOfHost(parentOf.get(pid) ?? '0'));
  return processes
    .filter(({ pid, command }) => command.includes('data-lake') && isOfHost(pid))
    .reduce((sum, { fields }) => sum + Number(fields[11]) + Number(fields[12]), 0);
}

/** After the name in brackets: state, parent, …; user and system time are the twelfth and thirteenth. */
function fieldsOf(pid: string): string[] {
  return read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function untilBusy(): Promise<void> {
  const before = ticksOfEngine();
  while (ticksOfEngine() < before + 100) await delay(50);
}

async function untilIdle(): Promise<void> {
  for (let before = ticksOfEngine(); ; before = ticksOfEngine()) {
    await delay(500);
    if (ticksOfEngine() === before) return;
  }
}

test.each([
  ['dpa stop', async (id: string) => expect((await dpa(['stop', id], { cwd: folder, env })).code).toBe(0), 5],
  ['a cancellation by Temporal', (id: string) => client.workflow.getHandle(id).cancel(), 5],
])(
  '%s reaches the engine in the middle of a statement',
  async (what, end, code) => {
    const id = what.replaceAll(' ', '-');
    const words = ['quality', 'run', 'endless.yaml', '--data', 'orders.csv', '--id', id, '--json'];
    const running = dpa(words, { cwd: folder, env });
    await untilBusy();
    await end(id);
    const { stdout, code: ended } = await running;
    expect(ended).toBe(code);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 5, verdict: 'error' });
    await untilIdle();
  },
  60_000,
);

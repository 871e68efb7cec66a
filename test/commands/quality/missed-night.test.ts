import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { loadConfig } from '../../../src/config.ts';
import { hostStatus } from '../../../src/temporal/attach.ts';
import { dpa } from '../../support/dpa.ts';

const dayMs = 86_400_000;

let folder: string;
let env: Record<string, string>;
const quality = (...words: string[]) => dpa(['quality', ...words], { cwd: folder, env });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-missed-'));
  env = { DPA_HOME: join(folder, 'home') };
  await writeFile(join(folder, 'orders.csv'), 'id\n1\n2\n');
  await writeFile(
    join(folder, 'orders.yaml'),
    'apiVersion: v3.1.0\nkind: DataContract\nid: orders\nversion: 1.0.0\nstatus: active\nschema:\n  - name: orders\n    quality:\n      - { metric: rowCount, mustBe: 2 }\n',
  );
});

afterAll(async () => {
  await dpa(['down'], { cwd: folder, env });
  await rm(folder, { recursive: true, force: true });
}, 60_000);

async function open(): Promise<Client & AsyncDisposable> {
  expect((await dpa(['up'], { cwd: folder, env })).code).toBe(0);
  const status = await hostStatus(loadConfig({ ...process.env, ...env }, folder));
  const connection = await Connection.connect({ address: status!.address! });
  return Object.assign(new Client({ connection }), { [Symbol.asyncDispose]: () => connection.close() });
}

test('a night that came while nothing ran is run once, as the night it was, when the service is back', async () => {
  let dueMs: number;
  const began = Date.now();
  {
    await using client = await open();
    const words = ['orders.yaml', '--data', 'orders.csv', '--suite', 'missed', '--cron', '0 2 * * *', '--tz', 'UTC'];
    expect((await quality('schedule', ...words)).code).toBe(0);
    // Nobody waits until two o'clock: once a day at a time that comes in a few seconds. All else is as it was scheduled.
    // A slow machine takes longer to stop, too.
    dueMs = Math.ceil((Date.now() + 10_000 + (Date.now() - began)) / 1_000) * 1_000;
    await client.schedule.getHandle('nightly-missed').update((described) => ({
      ...described,
      spec: { intervals: [{ every: '1 day', offset: dueMs % dayMs }] },
    }));
  }
  expect((await dpa(['down'], { cwd: folder, env })).code).toBe(0);
  expect(Date.now()).toBeLessThan(dueMs);
  await delay(dueMs - Date.now() + 1_000);
  await using client = await open();
  const query = `WorkflowType = 'qualityRunWorkflow'`;
  while ((await client.workflow.count(`${query} AND ExecutionStatus = 'Completed'`)).count === 0) await delay(100);
  const night = new Date(dueMs).toISOString().slice(0, 10);
  const ids: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
  expect(ids).toEqual([`nightly-missed-${night}`]);
  const { numActionsMissedCatchupWindow, recentActions } = (
    await client.schedule.getHandle('nightly-missed').describe()
  ).info;
  expect(numActionsMissedCatchupWindow).toBe(0);
  expect(recentActions.map(({ scheduledAt }) => scheduledAt.getTime())).toEqual([dueMs]);
}, 120_000);

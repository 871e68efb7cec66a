import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { loadConfig } from '../../../src/config.ts';
import { hostStatus } from '../../../src/temporal/attach.ts';
import { dpa } from '../../support/dpa.ts';

let folder: string;
let env: Record<string, string>;
let client: Client;
const count = async (query: string): Promise<number> => (await client.workflow.count(query)).count;
const quality = (...words: string[]) => dpa(['quality', ...words], { cwd: folder, env });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-schedule-'));
  env = { DPA_HOME: join(folder, 'home') };
  await mkdir(join(folder, 'contracts'));
  await writeFile(join(folder, 'orders.csv'), 'id\n1\n2\n');
  await writeFile(
    join(folder, 'contracts/orders.odcs.yaml'),
    'apiVersion: v3.1.0\nkind: DataContract\nid: orders\nversion: 1.0.0\nstatus: active\nschema:\n  - name: orders\n    quality:\n      - { metric: rowCount, mustBe: 2 }\n',
  );
  expect((await dpa(['up'], { cwd: folder, env })).code).toBe(0);
  const status = await hostStatus(loadConfig({ ...process.env, ...env }, folder));
  client = new Client({ connection: await Connection.connect({ address: status!.address! }) });
}, 120_000);

afterAll(async () => {
  await client.connection.close();
  await dpa(['down'], { cwd: folder, env });
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const schedule = (...words: string[]) => quality('schedule', 'contracts', '--data', 'orders.csv', ...words);

type Night = { interval: string; runId: string; checks: Record<string, { verdict: string }> };

async function nightsOf(suite: string, wanted: number): Promise<readonly Night[]> {
  for (;;) {
    const { code, stdout } = await quality('history', suite, '--json');
    const { points } = code === 0 ? (JSON.parse(stdout) as { points: Night[] }) : { points: [] };
    if (points.length >= wanted) return points;
    await delay(200);
  }
}

test('every night is run once, also those on which clocks change, and a second backfill runs none again', async () => {
  expect(await schedule('--suite', 'nights', '--cron', '30 2 * * *', '--tz', 'Europe/Berlin')).toMatchObject({
    code: 0,
  });
  const listed = await quality('schedules', '--json');
  expect(JSON.parse(listed.stdout)).toEqual([expect.objectContaining({ suite: 'nights', paused: false })]);
  const spring = await quality('backfill', 'nights', '--from', '2026-03-28', '--to', '2026-03-30');
  expect(spring.code).toBe(0);
  expect((await nightsOf('nights', 3)).map(({ interval }) => interval)).toEqual([
    '2026-03-28',
    '2026-03-29',
    '2026-03-30',
  ]);
  await quality('backfill', 'nights', '--from', '2026-10-24', '--to', '2026-10-26');
  const all = await nightsOf('nights', 6);
  expect(all.slice(3).map(({ interval }) => interval)).toEqual(['2026-10-24', '2026-10-25', '2026-10-26']);
  await quality('backfill', 'nights', '--from', '2026-03-28', '--to', '2026-03-31');
  const again = await nightsOf('nights', 7);
  expect(again.map(({ interval }) => interval)).toContain('2026-03-31');
  const idOf = (points: readonly Night[]) => new Map(points.map(({ interval, runId }) => [interval, runId]));
  for (const [interval, runId] of idOf(all)) expect(idOf(again).get(interval)).toBe(runId);
  expect((await quality('unschedule', 'nights')).code).toBe(0);
  expect((await quality('schedules')).stdout).toContain('Nothing is scheduled');
}, 120_000);

test.each([
  ['a Sunday of which 2:30 is skipped', '30 2 * * 0', 'Europe/Berlin', '2026-03-28', '2026-03-30', '2026-03-29'],
  ['a Sunday of which 2:30 comes twice', '30 2 * * 0', 'Europe/Berlin', '2026-10-24', '2026-10-26', '2026-10-25'],
  ['a Friday without a midnight', '@weekly', 'America/Santiago', '2026-09-05', '2026-09-07', '2026-09-06'],
  ['a day without a midnight', '0 0 24 4 *', 'Africa/Cairo', '2026-04-23', '2026-04-25', '2026-04-24'],
  ['a day after which midnight comes again', '0 0 30 10 *', 'Africa/Cairo', '2026-10-29', '2026-10-31', '2026-10-30'],
])(
  '%s is run once',
  async (_what, cron, zone, from, to, night) => {
    const suite = `clock-${zone.replace('/', '-')}-${night}`;
    expect(await schedule('--suite', suite, '--cron', cron, '--tz', zone)).toMatchObject({ code: 0 });
    const handle = client.schedule.getHandle(`nightly-${suite}`);
    const [start, end] = [new Date(`${from}T00:00Z`), new Date(`${to}T23:59Z`)];
    await handle.backfill({ start, end, overlap: 'BUFFER_ALL' });
    // All that the schedule started has ended, and one of it was a run.
    const nights = `WorkflowType = 'qualityNightWorkflow' AND WorkflowId STARTS_WITH 'nightly-${suite}'`;
    while ((await count(`${nights} AND ExecutionStatus = 'Completed'`)) === 0) await delay(100);
    while ((await count(`${nights} AND ExecutionStatus = 'Running'`)) > 0) await delay(100);
    const runs: string[] = [];
    const query = `WorkflowType = 'qualityRunWorkflow' AND WorkflowId STARTS_WITH 'nightly-${suite}'`;
    for await (const { workflowId } of client.workflow.list({ query })) runs.push(workflowId);
    expect(runs).toEqual([`nightly-${suite}-${night}`]);
    await handle.delete();
  },
  60_000,
);

test('what a schedule promises is what the service was told; it rests and goes on as somebody says', async () => {
  await schedule('--suite', 'told', '--cron', '0 2 * * *', '--jitter', '10 minutes', '--data', 'exports/{date}');
  const handle = client.schedule.getHandle('nightly-told');
  const { policies, spec, action } = await handle.describe();
  expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 12 * 3_600_000 });
  expect(spec.jitter).toBe(600_000);
  // Contracts and data are looked up each night, not now.
  expect(action.args).toMatchObject([
    { run: { suite: { files: ['contracts'], data: ['orders.csv', 'exports/{date}'] } } },
  ]);
  expect((await quality('pause', 'told', '--why', 'the source is mended')).code).toBe(0);
  expect((await handle.describe()).state).toMatchObject({ paused: true, note: 'the source is mended' });
  expect((await quality('schedules')).stdout).toContain('told  paused');
  expect((await quality('resume', 'told')).code).toBe(0);
  expect((await handle.describe()).state.paused).toBe(false);
  expect((await quality('unschedule', 'told')).code).toBe(0);
  expect((await quality('pause', 'told')).code).toBe(64);
}, 60_000);

test('each night reads its own data by contracts as they are then, and a night without data is an error', async () => {
  await mkdir(join(folder, 'exports/2026-01-01'), { recursive: true });
  await writeFile(join(folder, 'exports/2026-01-01/orders.csv'), 'id\n1\n2\n');
  const words = ['contracts', '--data', 'orders=exports/{date}/orders.csv', '--suite', 'daily', '--cron', '0 2 * * *'];
  expect((await quality('schedule', ...words)).code).toBe(0);
  await quality('backfill', 'daily', '--from', '2026-01-01', '--to', '2026-01-02');
  const points = await nightsOf('daily', 2);
  const verdicts = points.map(({ checks }) => [...new Set(Object.values(checks).map(({ verdict }) => verdict))]);
  expect(verdicts).toEqual([['passed'], ['error']]);
  const contract = join(folder, 'contracts/orders.odcs.yaml');
  const before = await readFile(contract, 'utf8');
  await writeFile(contract, before.replace('mustBe: 2', 'mustBe: 3'));
  await mkdir(join(folder, 'exports/2026-01-03'));
  await writeFile(join(folder, 'exports/2026-01-03/orders.csv'), 'id\n1\n2\n3\n');
  await quality('backfill', 'daily', '--from', '2026-01-03', '--to', '2026-01-03');
  const [, , third] = await nightsOf('daily', 3);
  await writeFile(contract, before);
  expect(Object.values(third!.checks).map(({ verdict }) => verdict)).toContain('passed');
  expect(Object.values(third!.checks).map(({ verdict }) => verdict)).not.toContain('failed');
  expect((await quality('schedules')).stdout).toMatch(/^daily .* last 2026-01-03T02:00:00.000Z: daily: \d+ passed/m);
  await writeFile(contract, before.replace('mustBe: 2', 'mustBeAtLest: 2'));
  await quality('backfill', 'daily', '--from', '2026-01-04', '--to', '2026-01-04');
  for (;;) {
    const { stdout } = await quality('schedules');
    if (/ last 2026-01-04T02:00:00.000Z: failed: .*orders\.odcs\.yaml:\d+:\d+: /.test(stdout)) break;
    await delay(200);
  }
  await writeFile(contract, before);
  expect((await quality('unschedule', 'daily')).code).toBe(0);
}, 120_000);

test.each([
  [['--cron', 'soon'], '--cron'],
  [['--cron', '0 25 * * *'], 'within a day'],
  [['--cron', '0 2 31 2 *'], 'never'],
  [['--cron', '0 2 * * *', '--tz', 'Mars/Phobos'], '--tz'],
  [['--cron', '0 2 * * *', '--jitter', 'some'], '--jitter'],
])('%j is refused', async (words, said) => {
  const { code, stderr } = await schedule('--suite', 'refused', ...words);
  expect(stderr).toContain(said);
  expect(code).toBe(64);
  expect(JSON.parse((await quality('schedules', '--json')).stdout)).toEqual([]);
});

test('what is not scheduled is neither unscheduled nor backfilled', async () => {
  expect(await quality('unschedule', 'nothing')).toMatchObject({ code: 64 });
  const { code, stderr } = await quality('backfill', 'nothing', '--from', '2026-01-02', '--to', '2026-01-01');
  expect(stderr).toContain('--from');
  expect(code).toBe(64);
});

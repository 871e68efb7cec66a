import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { dpa } from '../../support/dpa.ts';

let folder: string;
let env: Record<string, string>;
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
}, 120_000);

afterAll(async () => {
  await dpa(['down'], { cwd: folder, env });
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const schedule = (...words: string[]) => quality('schedule', 'contracts', '--data', 'orders.csv', ...words);

type Night = { interval: string; runId: string };

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

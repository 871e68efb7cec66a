/** Twenty kills of the worker while ten tables are checked: the same results, no alert twice, no table scanned more often than it was interrupted. */
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../support/faults/random.ts';
import { openQualityArena, tables, type QualityArena } from '../support/faults/quality-arena.ts';

const kills = 20;
const killsOfRun = 4;
const tablesAtOnce = 4;

type Result = {
  readonly exitCode: number;
  readonly checks: readonly Record<string, unknown>[];
  readonly counts: unknown;
};

test('killed twenty times, the runs find what an undisturbed one finds', async () => {
  await using arena = await openQualityArena();
  const random = seededRandom(7);
  const undisturbed = await run(arena, 'base', async () => undefined);
  expect(undisturbed.counts).toMatchObject({ failed: 20, passed: 40, error: 0 });
  expect(undisturbed.exitCode).toBe(1);
  let done = 0;
  for (let round = 1; done < kills; round += 1) {
    const suite = `round-${round}`;
    let mine = 0;
    const result = await run(arena, suite, async () => {
      while (mine < killsOfRun && (await isUnderWay(arena, suite))) {
        await delay(random() * 300);
        await arena.killWorker();
        mine += 1;
      }
    });
    expect(result).toEqual(undisturbed);
    await expectFewScans(arena, suite, mine);
    const said = arena.received.filter((alert) => alert.suite === suite).flatMap(({ events }) => events);
    expect(new Set(said.map(({ key }) => key)).size).toBe(said.length);
    expect(said).toHaveLength(20);
    done += mine;
  }
  expect(done).toBeGreaterThanOrEqual(kills);
}, 600_000);

async function run(arena: QualityArena, suite: string, meanwhile: () => Promise<void>): Promise<Result> {
  const words = ['run', 'contracts', '--data', 'data', '--suite', suite, '--id', suite, '--alert', '--rescan'];
  expect((await arena.quality(...words, '--detach')).code).toBe(0);
  await meanwhile();
  const { stdout } = await arena.quality(...words, '--json');
  const { exitCode, checks, counts } = JSON.parse(stdout) as Result;
  return { exitCode, counts, checks: checks.map(({ incident: _incident, ...check }) => check) };
}

/** True once tables are being checked, false when the run has ended. */
async function isUnderWay({ client }: QualityArena, id: string): Promise<boolean> {
  for (;;) {
    const { status, raw } = await client.workflow.getHandle(id).describe();
    if (status.name !== 'RUNNING') return false;
    const started = (raw.pendingActivities ?? []).filter(
      ({ activityType, lastStartedTime, lastWorkerIdentity }) =>
        activityType?.name === 'checkTable' && lastStartedTime && lastWorkerIdentity,
    );
    if (started.length > 0) return true;
    await delay(20);
  }
}

/** How often each table was begun stands in the history of the run. */
async function expectFewScans({ client }: QualityArena, id: string, killed: number): Promise<void> {
  const { events } = await client.workflow.getHandle(id).fetchHistory();
  const scheduled = new Map(
    events?.flatMap(({ eventId, activityTaskScheduledEventAttributes: attributes }) =>
      attributes?.activityType?.name === 'checkTable' ? [[String(eventId), true] as const] : [],
    ),
  );
  const attempts = (events ?? []).flatMap(({ activityTaskStartedEventAttributes: attributes }) =>
    attributes && scheduled.has(String(attributes.scheduledEventId)) ? [attributes.attempt ?? 1] : [],
  );
  expect(attempts).toHaveLength(tables.length);
  expect(Math.max(...attempts)).toBeLessThanOrEqual(killed + 1);
  const scans = attempts.reduce((sum, attempt) => sum + attempt, 0);
  expect(scans).toBeLessThanOrEqual(tables.length + killed * tablesAtOnce);
}

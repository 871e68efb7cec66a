/** The kill matrix as jest tests: as many kills of each kind as are asked for, at random moments of real runs. */
import { randomInt } from 'node:crypto';
import { loadConfig } from '../../../src/config.ts';
import type { Arena } from './arena.ts';
import { inHostArena } from './host-arena.ts';
import { expectNothingLeft, expectSound, resultOf, type Baseline } from './invariants.ts';
import { cutPower, killClient, killServer } from './kills.ts';
import { seededRandom } from './random.ts';
import { describeRun, type FaultRun, type Setting } from './run.ts';
import { createSummary } from './summary.ts';
import { inWorkerArena } from './worker-arena.ts';
import { createFaultWorld } from './world.ts';

export type Matrix = {
  readonly worker: number;
  readonly host: number;
  readonly service: number;
  readonly server: number;
  readonly client: number;
  readonly powerCut: number;
};

/** A run may be over before its kill comes: then it does not count, and another one is made. */
const runsPerKill = 4;
const limitPerKillMs = 60_000;
/** A new machine may have to fetch or build the Temporal program first. */
const firstStartMs = 600_000;

/** `medianResumeMs` limits the median time from the return of a worker until its analysis goes on; else it is only printed. */
export function describeKillMatrix(matrix: Matrix, medianResumeMs?: number): void {
  const given = loadConfig().environment['DPA_FAULT_SEED'];
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  const summary = createSummary();
  let baseline: Baseline;

  beforeAll(async () => {
    print(`seed ${seed}; DPA_FAULT_SEED=${seed} draws the same moments again`);
    baseline = await undisturbed();
  }, firstStartMs);

  afterAll(() => print(summary.table()));

  const kinds: Readonly<Record<keyof Matrix, Scenario>> = {
    worker: { perRun: 2, interrupts: true, run: (plan) => inWorkerArena(plan, (arena) => arena.killWorker()) },
    host: { perRun: 2, interrupts: true, run: (plan) => inHostArena(plan, (arena) => arena.killHost()) },
    service: { perRun: 1, interrupts: true, run: (plan) => inHostArena(plan, (arena) => arena.killService()) },
    server: { perRun: 1, interrupts: false, run: (plan) => inHostArena(plan, killServer) },
    client: { perRun: 1, interrupts: false, run: killClient },
    powerCut: { perRun: 1, interrupts: true, run: cutPower },
  };

  for (const [kind, { perRun, interrupts, run }] of Object.entries(kinds)) {
    const wanted = matrix[kind as keyof Matrix];
    test(
      `${kind}: ${wanted} kills change nothing`,
      async () => {
        let kills = 0;
        for (let attempt = 0; kills < wanted && attempt < wanted * runsPerKill; attempt++) {
          const plan = { baseline, kills: Math.min(perRun, wanted - kills), random: seededRandom(seed, kind, attempt) };
          const made = await named(`${kind} ${attempt}, seed ${seed}`, interrupts, plan, run);
          summary.add(kind, made.kills);
          kills += made.kills.length;
        }
        expect(kills).toBe(wanted);
      },
      wanted * limitPerKillMs,
    );
  }

  if (medianResumeMs === undefined) return;
  test(`half of the analyses go on within ${medianResumeMs} ms of the return of their worker`, () => {
    expect(summary.medianResumeMs(['worker', 'host'])).toBeLessThan(medianResumeMs);
  });
}

export type Plan = Setting & { readonly baseline: Baseline };

type Scenario = {
  readonly perRun: number;
  /** Whether such a kill can end a model call under way, which then may cost one more. */
  readonly interrupts: boolean;
  run(plan: Plan): Promise<{ readonly arena: Arena; readonly run: FaultRun }>;
};

/** A run that fails keeps its folder and says which one it was. */
async function named(
  name: string,
  interrupts: boolean,
  plan: Omit<Plan, 'world'>,
  scenario: Scenario['run'],
): Promise<FaultRun> {
  const world = createFaultWorld();
  try {
    const { arena, run } = await scenario({ ...plan, world });
    expect(await resultOf(world, run.followed)).toEqual(plan.baseline.result);
    expectSound(world, plan.baseline, run.kills, interrupts ? run.kills.length : 0);
    await expectNothingLeft(arena);
    print(`${name}: ${describeRun(world, run)}`);
    world.remove();
    return run;
  } catch (error) {
    throw new Error(`${name} (kept in ${world.folder}): ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function undisturbed(): Promise<Baseline> {
  const world = createFaultWorld();
  const none: Setting = {
    world,
    kills: 0,
    random: () => 0,
    baseline: { durationMs: 0, entries: 0, journalEntries: 0 },
  };
  const { arena, run } = await inHostArena(none, () => Promise.reject(new Error('no kill was wanted')));
  const baseline = {
    result: await resultOf(world, run.followed),
    effects: world.effects(),
    entries: world.ledger().length,
    journalEntries: world.journalEntries(),
    durationMs: run.durationMs,
  };
  expect(baseline.result.exitCode).toBe(0);
  expectSound(world, baseline, [], 0);
  await expectNothingLeft(arena);
  world.remove();
  print(`undisturbed: ${(run.durationMs / 1000).toFixed(2)} s, ${baseline.effects} effects`);
  return baseline;
}

function print(text: string): void {
  process.stderr.write(`${text}\n`);
}

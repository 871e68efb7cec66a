/** One analysis with faults: started, disturbed, followed to its end, and measured. */
import { setTimeout as delay } from 'node:timers/promises';
import { followAnalysis, type Followed } from '../../../src/commands/follow.ts';
import { startAnalysis } from '../../../src/commands/start.ts';
import type { Arena, Kill } from './arena.ts';
import type { Random } from './random.ts';
import type { FaultWorld } from './world.ts';

export const task = 'Measure all parts';
export const analysisId = 'fault-run';

/** Something is wrong when there is no progress for so long after a kill. */
const resumeLimitMs = 30_000;
const pollMs = 5;
const afterEntryMs = 15;
const afterJournalMs = 5;

export type MeasuredKill = Kill & {
  /** From the return of what was killed until the analysis went on; 0 when it went on before. */
  readonly resumedAfterMs: number;
  /** From the kill until the analysis went on. */
  readonly standstillMs: number;
};

type Ended = { readonly at: number | undefined };

export type FaultRun = {
  readonly followed: Followed;
  readonly kills: readonly MeasuredKill[];
  /** What the person was told of trouble. */
  readonly trouble: readonly string[];
  readonly durationMs: number;
};

export type Setting = {
  readonly world: FaultWorld;
  readonly kills: number;
  readonly random: Random;
  /** What an undisturbed run takes, so that the kills fall into the run. */
  readonly baseline: { readonly durationMs: number; readonly entries: number; readonly journalEntries: number };
};

/** Kills up to `kills` times; not any more when the analysis has ended. Closes the arena. */
export async function runInArena<A extends Arena>(
  arena: A,
  setting: Setting,
  kill: (arena: A) => Promise<Kill>,
): Promise<{ arena: A; run: FaultRun }> {
  try {
    return { arena, run: await runWithFaults(arena, setting, () => kill(arena)) };
  } finally {
    await arena.close();
  }
}

async function runWithFaults(arena: Arena, setting: Setting, kill: () => Promise<Kill>): Promise<FaultRun> {
  const startedAtMs = performance.now();
  await startAnalysis(arena.service, { id: analysisId, task, data: [], model: 'builtin', maxSteps: 40 });
  const trouble: string[] = [];
  const ended = { at: undefined as number | undefined };
  const following = follow(arena, analysisId, trouble).finally(() => (ended.at = performance.now()));
  following.catch(() => undefined);
  const kills: MeasuredKill[] = [];
  while (kills.length < setting.kills) {
    await randomMoment(setting, ended);
    if (ended.at !== undefined) break;
    kills.push(await measured(arena, await kill(), ended));
  }
  const followed = await following;
  return { followed, kills, trouble, durationMs: (ended.at ?? 0) - startedAtMs };
}

/**
 * A third of the moments is drawn from the time of a run. The others follow an entry of the ledger or of the journal:
 * a reply that is not in the journal yet, an effect that is not answered yet, an entry whose activity has not completed
 * are over in a few milliseconds.
 */
async function randomMoment({ world, kills, random, baseline }: Setting, ended: Ended): Promise<void> {
  const share = random() / kills;
  const way = Math.floor(random() * 3);
  if (way === 0) {
    const until = performance.now() + share * baseline.durationMs;
    while (performance.now() < until && ended.at === undefined) await delay(pollMs);
    return;
  }
  const counted = way === 1 ? () => world.ledger().length : world.journalEntries;
  const next = counted() + 1 + Math.floor(share * (way === 1 ? baseline.entries : baseline.journalEntries));
  while (counted() < next && ended.at === undefined) await delay(1);
  await delay(random() * (way === 1 ? afterEntryMs : afterJournalMs));
}

/** One line on a run for people. */
export function describeRun(world: FaultWorld, { kills, durationMs, trouble }: FaultRun): string {
  const ledger = world.ledger();
  const asked = ledger.filter(({ kind }) => kind === 'asked').length;
  const moments = kills.map(({ ledgerAt, standstillMs }) => {
    const last = ledger[ledgerAt - 1];
    const at = last === undefined ? 'start' : last.kind + ('turn' in last ? ` ${last.turn}` : '');
    return `after ${at}, ${(standstillMs / 1000).toFixed(2)} s`;
  });
  const told = trouble.map((text) => ` · ${text.slice(0, 60)}`).join('');
  return `${(durationMs / 1000).toFixed(1)} s, ${asked} model calls; killed ${moments.join('; ')}${told}`;
}

export function follow(arena: Arena, id: string, trouble: string[]): Promise<Followed> {
  const follower = {
    get service() {
      return arena.service;
    },
    isGone: async () => false,
    reopen: () => arena.whenBack(),
    onProgress: (event: { kind: string; text: string }) => {
      if (event.kind === 'trouble') trouble.push(event.text);
    },
    onStatus: () => undefined,
  };
  return followAnalysis(follower, id);
}

/** The analysis goes on when the ledger has a new entry, or when it has ended. */
async function measured(arena: Arena, kill: Kill, ended: Ended): Promise<MeasuredKill> {
  while (arena.world.ledger().length <= kill.ledgerAt && ended.at === undefined) {
    if (performance.now() - kill.backAtMs > resumeLimitMs)
      throw new Error(`Expected the analysis to go on within ${resumeLimitMs} ms of the return; it did not.`);
    await delay(pollMs);
  }
  const now = performance.now();
  return { ...kill, resumedAfterMs: Math.max(0, now - kill.backAtMs), standstillMs: now - kill.atMs };
}

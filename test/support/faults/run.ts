/** One analysis with faults: started, disturbed, followed to its end, and measured. */
import { setTimeout as delay } from 'node:timers/promises';
import { followAnalysis, type Followed } from '../../../src/commands/follow.ts';
import { startAnalysis } from '../../../src/commands/start.ts';
import type { Arena, Kill } from './arena.ts';
import type { Random } from './random.ts';

export const task = 'Measure all parts';

/** Something is wrong when there is no progress for so long after a kill. */
const resumeLimitMs = 30_000;
const pollMs = 5;

export type MeasuredKill = Kill & {
  /** From the return of what was killed until the analysis went on; 0 when it went on before. */
  readonly resumedAfterMs: number;
  /** From the kill until the analysis went on. */
  readonly standstillMs: number;
};

export type FaultRun = {
  readonly followed: Followed;
  readonly kills: readonly MeasuredKill[];
  /** What the person was told of trouble. */
  readonly trouble: readonly string[];
  readonly durationMs: number;
};

/** `disturb` is called up to `kills` times at random moments within `withinMs`; not any more when the analysis has ended. */
export async function runWithFaults(
  arena: Arena,
  options: { id: string; kills: number; withinMs: number; random: Random; disturb(): Promise<Kill> },
): Promise<FaultRun> {
  const { id, random } = options;
  const startedAtMs = performance.now();
  await startAnalysis(arena.service, { id, task, data: [], model: 'scripted', maxSteps: 40 });
  const trouble: string[] = [];
  const ended = { at: undefined as number | undefined };
  const following = follow(arena, id, trouble).finally(() => (ended.at = performance.now()));
  following.catch(() => undefined);
  const kills: MeasuredKill[] = [];
  while (kills.length < options.kills) {
    await Promise.race([following.catch(() => undefined), delay((random() * options.withinMs) / options.kills)]);
    if (ended.at !== undefined) break;
    kills.push(await measured(arena, await options.disturb(), ended));
  }
  const followed = await following;
  return { followed, kills, trouble, durationMs: (ended.at ?? 0) - startedAtMs };
}

export function follow(arena: Arena, id: string, trouble: string[]): Promise<Followed> {
  const follower = {
    get service() {
      return arena.service;
    },
    reopen: () => arena.whenBack(),
    onProgress: (event: { kind: string; text: string }) => {
      if (event.kind === 'trouble') trouble.push(event.text);
    },
  };
  return followAnalysis(follower, id);
}

/** The analysis goes on when the ledger has a new entry, or when it has ended. */
async function measured(arena: Arena, kill: Kill, ended: { readonly at: number | undefined }): Promise<MeasuredKill> {
  while (arena.world.ledger().length <= kill.ledgerAt && ended.at === undefined) {
    if (performance.now() - kill.backAtMs > resumeLimitMs)
      throw new Error(`Expected the analysis to go on within ${resumeLimitMs} ms of the return; it did not.`);
    await delay(pollMs);
  }
  const now = performance.now();
  return { ...kill, resumedAfterMs: Math.max(0, now - kill.backAtMs), standstillMs: now - kill.atMs };
}

/** Analyses that ask models over the real dialects while their worker is killed, as a jest test. */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { startAnalysis } from '../../../src/commands/start.ts';
import { loadConfig } from '../../../src/config.ts';
import { costQuery, type AnalysisWorkflow } from '../../../src/workflows/messages.ts';
import { models, openAskedModels, taskOf, turnsOfARun, type AskedModels } from './asked-models.ts';
import { seededRandom, type Random } from './random.ts';

const limitPerKillMs = 30_000;
const firstStartMs = 600_000;

/** A kill comes at a moment drawn from this much of a run, milliseconds. */
const firstMomentMs = 30;
const momentsMs = 1_200;

export function describeModelKills({ calls, kills }: { readonly calls: number; readonly kills: number }): void {
  const given = loadConfig().environment['DPA_FAULT_SEED'];
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  test(
    `${calls} model calls, ${kills} kills of their worker: no journaled reply is bought again, every call is charged`,
    async () => {
      process.stderr.write(`seed ${seed}; DPA_FAULT_SEED=${seed} draws the same moments again\n`);
      await using setting = await openAskedModels();
      const made = await disturb(setting, seededRandom(seed, 'models'), { runs: calls / turnsOfARun, kills });
      const extra = setting.asked().length - calls;
      process.stderr.write(`${calls} calls, ${made.kills} kills: ${extra} calls more than undisturbed\n`);
      expect(new Set(setting.asked()).size).toBe(calls);
      expect(made).toEqual({ kills, boughtAgain: [], undercharged: [] });
      expect(extra).toBeLessThanOrEqual(kills);
    },
    firstStartMs + kills * limitPerKillMs,
  );
}

type Disturbed = {
  readonly kills: number;
  readonly boughtAgain: readonly string[];
  /** Analyses whose budget was charged with less than their provider may bill. */
  readonly undercharged: readonly string[];
};

/** One analysis after the other: a kill can then end one model call at most. */
async function disturb(
  setting: AskedModels,
  random: Random,
  plan: { readonly runs: number; readonly kills: number },
): Promise<Disturbed> {
  const checks: (() => readonly string[])[] = [];
  const undercharged: string[] = [];
  let kills = 0;
  for (let run = 1; run <= plan.runs; run++) {
    const model = models[run % models.length]!;
    const ended = analysisOf(setting, run, model);
    // As many as are due by now; a run that ends early leaves its kills to the next one.
    const due = Math.ceil((plan.kills * run) / plan.runs);
    while (kills < due && !(await endsWithin(ended, firstMomentMs + random() * momentsMs))) {
      await setting.arena.killWorker(() => checks.push(boughtSince(setting)));
      kills += 1;
    }
    const charged = await ended;
    const billed = setting.billedUsd(run, model);
    if (charged < billed * (1 - Number.EPSILON * 100)) undercharged.push(`${model}: $${charged} of $${billed}`);
  }
  return { kills, boughtAgain: checks.flatMap((check) => check()), undercharged };
}

function endsWithin(ended: Promise<unknown>, milliseconds: number): Promise<boolean> {
  return Promise.race([ended.then(() => true), delay(milliseconds, false)]);
}

/** Looks at what is safe now; asked later, says what of it was asked for since. */
function boughtSince(setting: AskedModels): () => readonly string[] {
  const journaled = setting.journaled();
  const before = timesAsked(setting);
  return () => {
    const now = timesAsked(setting);
    return [...journaled].filter((place) => (now.get(place) ?? 0) > (before.get(place) ?? 0));
  };
}

function timesAsked(setting: AskedModels): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const place of setting.asked()) times.set(place, (times.get(place) ?? 0) + 1);
  return times;
}

/** Resolves with what was charged, US dollars. */
async function analysisOf({ arena: { service } }: AskedModels, run: number, model: string): Promise<number> {
  const id = `model-run-${run}`;
  await startAnalysis(service, { id, task: taskOf(run), data: [], model, maxSteps: 40, limits: { usd: 100 } });
  const handle = service.client.workflow.getHandle<AnalysisWorkflow>(id);
  await handle.result();
  return (await handle.query(costQuery)).total.costUsd ?? 0;
}

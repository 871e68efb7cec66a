/** What must hold after a run, whatever was killed: the same result, no reply bought twice, no effect doubled, nothing left running. */
import type { ResultDocument } from '../../../src/reports/json.ts';
import { documentOf } from '../../../src/commands/watch.ts';
import { waitUntilGone } from '../../../src/processes/running.ts';
import type { Followed } from '../../../src/commands/follow.ts';
import type { Arena, Kill } from './arena.ts';
import { turnsOfARun } from './model.ts';
import type { FaultWorld } from './world.ts';

/** What is compared with the undisturbed run: everything but times, ids and paths. */
export type Result = Omit<ResultDocument, 'id' | 'runId' | 'report' | 'startedAt' | 'endedAt' | 'uiUrl'>;

export type Baseline = {
  readonly result: Result;
  readonly effects: number;
  /** Of the ledger. */
  readonly entries: number;
  readonly journalEntries: number;
  readonly durationMs: number;
};

/** How long what was killed with its parent, or stops by itself, may take to be gone. */
const goneLimitMs = 10_000;

export async function resultOf(world: FaultWorld, followed: Followed): Promise<Result> {
  if (followed.kind === 'failed') throw new Error(`Expected the analysis to complete; it failed: ${followed.message}`);
  return comparable(await documentOf(world.config, followed.outcome));
}

export function comparable(document: ResultDocument): Result {
  const { id: _id, runId: _run, report: _report, startedAt: _start, endedAt: _end, uiUrl: _ui, ...result } = document;
  return result;
}

/** `interrupting`: of the kills, those that can end a model call under way; each may cost one more call. */
export function expectSound(world: FaultWorld, baseline: Baseline, kills: readonly Kill[], interrupting: number): void {
  const ledger = world.ledger();
  const asked = ledger.flatMap((entry, at) => (entry.kind === 'asked' ? [{ at, turn: entry.turn }] : []));
  const boughtAgain = kills.flatMap((kill) =>
    asked.filter(({ at, turn }) => at >= kill.ledgerAt && kill.journaled.has(turn)).map(({ turn }) => turn),
  );
  expect({ repliesBoughtAgain: boughtAgain }).toEqual({ repliesBoughtAgain: [] });
  expect(new Set(asked.map(({ turn }) => turn)).size).toBe(turnsOfARun);
  expect(asked.length).toBeLessThanOrEqual(turnsOfARun + interrupting);
  const keys = ledger.flatMap((entry) => (entry.kind === 'called' && entry.tool === 'record' ? [entry.key] : []));
  expect({ effects: world.effects(), keys: new Set(keys).size }).toEqual({
    effects: baseline.effects,
    keys: baseline.effects,
  });
}

/** After the arena was closed. */
export async function expectNothingLeft({ world, pids }: Arena): Promise<void> {
  const servers = world.ledger().flatMap((entry) => (entry.kind === 'serverStarted' ? [entry.pid] : []));
  const all = [...pids, ...servers];
  const gone = await Promise.all(all.map((pid) => waitUntilGone(pid, goneLimitMs)));
  expect({ leftRunning: all.filter((_, index) => !gone[index]) }).toEqual({ leftRunning: [] });
}

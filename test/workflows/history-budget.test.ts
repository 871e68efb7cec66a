import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import proto from '@temporalio/proto';
import type { ModelReply } from '../../src/llm/provider.ts';
import { maxProgressEvents } from '../../src/analysis/progress.ts';
import { statusQuery } from '../../src/workflows/messages.ts';
import { activityWorld } from '../support/activity-world.ts';
import { openAnalysisWorker, type AnalysisWorker } from '../support/analysis-worker.ts';
import { scriptedConnections } from '../support/scripted-connections.ts';
import { reply, scriptedModel } from '../support/scripted-model.ts';
import { openTestService, type TestService } from '../support/temporal-service.ts';

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

const turns = 1_000;
/** The first turns are of a real size; the rest only plan, so that the thousand do not take a minute. */
const measuredTurns = 320;
const maxEventsPerTurn = 12;
const maxBytesPerTurn = 3 * 1024;

/** As long as a real one: it stands in every step. */
const id = 'analysis-01HZX3V9D8JQK2M4N6P7R8S9T0';
const plan = { steps: [{ title: 'Look at it all', state: 'doing' }] };

let service: TestService;
let worker: AnalysisWorker;
let folder: string;
let runs: readonly (readonly HistoryEvent[])[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-budget-'));
  service = await openTestService();
  worker = await openAnalysisWorker(service.address);
  const model = scriptedModel(Array.from({ length: turns }, (_, turn) => replyOfTurn(turn)));
  const world = activityWorld(folder, model, scriptedConnections({ answers: { lake__query: largeResult } }));
  await worker.run(id, world, { maxSteps: turns + 1, searchAttributes: false });
  model.assertUsedUp();
  runs = await allRuns();
}, 600_000);

afterAll(async () => {
  await worker?.[Symbol.asyncDispose]();
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

test('a turn of one model call and one tool call costs exactly twelve events', () => {
  const counts = measured().map((turn) => turn.length);
  expect(counts.length).toBeGreaterThanOrEqual(300);
  expect(new Set(counts)).toEqual(new Set([maxEventsPerTurn]));
});

test('no turn costs more than 3 KB, and turn 300 costs what turn 10 costs', () => {
  const bytes = measured().map(bytesOf);
  expect(Math.max(...bytes)).toBeLessThanOrEqual(maxBytesPerTurn);
  expect(bytes.at(-1)! / bytes[9]!).toBeLessThanOrEqual(1.05);
});

test('a thousand turns go through continue-as-new and carry plan, budget and progress along', async () => {
  expect(runs.length).toBeGreaterThan(1);
  const status = await worker.client.workflow.getHandle(id).query(statusQuery);
  expect(status).toMatchObject({ status: 'completed', steps: turns, toolCalls: measuredTurns, plan });
  expect(status.progress).toHaveLength(maxProgressEvents);
  // Started, the plan, reporting and ended; words and tool of the measured turns; words of the others.
  expect(status.progress.at(-1)?.seq).toBe(4 + 3 * measuredTurns + (turns - measuredTurns));
});

/** Sizes of a real conversation: 2 kB of words from the model, 8 kB of result from the tool. */
function replyOfTurn(turn: number): ModelReply {
  if (turn === turns - 1) return reply('That is all.');
  if (turn >= measuredTurns) return reply('On.', [{ id: `p${turn}`, name: 'set_plan', arguments: plan }]);
  const words = 'Revenue rose in most regions, and fell where tickets were many. '.repeat(32).slice(0, 2_000);
  const sql = `SELECT region, plan, count(*) AS n, avg(tickets) AS tickets FROM sales GROUP BY ALL LIMIT ${100 + turn}`;
  return reply(words, [{ id: `t${turn}c0`, name: 'lake__query', arguments: { sql } }]);
}

async function largeResult() {
  const rows = Array.from({ length: 640 }, (_, index) => [`value ${index}`.padEnd(9)]);
  const data = { columns: [{ name: 'n', type: 'VARCHAR' }], rows };
  return { ok: true, text: JSON.stringify({ data, meta: { returnedRows: 640, elapsedMs: 12 }, ok: true }) };
}

/** The turns with a tool call; the last one of a run goes on in the next and is left out. */
function measured(): HistoryEvent[][] {
  return runs
    .flatMap(turnsIn)
    .filter((turn) => turn.filter((event) => event.activityTaskScheduledEventAttributes).length === 2);
}

/** From one model call to the next: what a turn adds to the history of a run. */
function turnsIn(events: readonly HistoryEvent[]): HistoryEvent[][] {
  const starts = events.flatMap((event, index) =>
    event.activityTaskScheduledEventAttributes?.activityType?.name === 'completeTurn' ? [index] : [],
  );
  return starts.slice(1).map((end, index) => events.slice(starts[index], end));
}

function bytesOf(events: readonly HistoryEvent[]): number {
  const codec = proto.temporal.api.history.v1.HistoryEvent;
  return events.reduce((total, event) => total + codec.encode(event).finish().length, 0);
}

/** The histories of all runs, from the first to the last. */
async function allRuns(): Promise<HistoryEvent[][]> {
  const { workflow } = worker.client;
  const { raw } = await workflow.getHandle(id).describe();
  const found: HistoryEvent[][] = [];
  for (let runId = raw.workflowExecutionInfo?.firstRunId; runId;) {
    const events = (await workflow.getHandle(id, runId).fetchHistory()).events ?? [];
    found.push(events);
    runId = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return found;
}

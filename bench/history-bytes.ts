/** Rows 3 and 4: bytes of history per turn, against a workflow that carries its conversation in arguments; and their growth. */
import proto from '@temporalio/proto';
import type { Client } from '@temporalio/client';
import { openAnalysisWorker } from '../test/support/analysis-worker.ts';
import { openTestService } from '../test/support/temporal-service.ts';
import { openBaselineWorker } from './baseline-worker.ts';
import { analysisId } from './conversation.ts';
import { atLeast, atMost, type Measure } from './measure.ts';
import { openTemporaryFolder } from './temporary-folder.ts';
import { createBenchWorld } from './world.ts';

const turns = 100;
const longTurns = 305;

export const historyBytes: Measure = {
  name: 'history-bytes',
  about: 'bytes of history per turn, against a naive workflow; and turn 300 against turn 10',
  async run() {
    await using service = await openTestService();
    await using baseline = await openBaselineWorker(service.address);
    await using worker = await openAnalysisWorker(service.address);
    await using folder = await openTemporaryFolder();
    const run = async (id: string, count: number) => {
      const world = createBenchWorld(folder.path, count);
      await worker.run(analysisId(id), world, { maxSteps: count + 1, searchAttributes: false });
    };
    const naive = await baseline.runNaive('naive', turns);
    await run('long', longTurns);
    const naiveBytes = (await sizeOf(baseline.client, 'naive')) / naive.turns;
    const perTurn = await bytesPerTurn(worker.client, analysisId('long'));
    const ours = perTurn.slice(0, turns).reduce((total, bytes) => total + bytes, 0) / turns;
    const [tenth, late] = [perTurn[9]!, perTurn[299]!];
    return [
      {
        metric: '3 history per turn, 100 turns',
        unit: 'bytes',
        baseline: naiveBytes,
        against: naive.ended ? 'naive' : `naive, ended by the service in turn ${naive.turns}`,
        ours,
        ratio: naiveBytes / ours,
        target: atLeast(150, 300),
      },
      {
        metric: '4 history of turn 300',
        unit: 'bytes',
        baseline: tenth,
        against: 'turn 10',
        ours: late,
        ratio: late / tenth,
        target: atMost(1.05, 1),
      },
    ];
  },
};

/** As the service counts it. */
async function sizeOf(client: Client, id: string): Promise<number> {
  const { raw } = await client.workflow.getHandle(id).describe();
  return Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0);
}

/** From one model call to the next, over all runs of the analysis. */
async function bytesPerTurn(client: Client, id: string): Promise<number[]> {
  const codec = proto.temporal.api.history.v1.HistoryEvent;
  const { raw } = await client.workflow.getHandle(id).describe();
  const perTurn: number[] = [];
  for (let runId = raw.workflowExecutionInfo?.firstRunId; runId;) {
    const events = (await client.workflow.getHandle(id, runId).fetchHistory()).events ?? [];
    for (const event of events) {
      if (event.activityTaskScheduledEventAttributes?.activityType?.name === 'completeTurn') perTurn.push(0);
      if (perTurn.length > 0) perTurn[perTurn.length - 1]! += codec.encode(event).finish().length;
    }
    runId = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return perTurn;
}

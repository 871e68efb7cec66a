/** Row 1: what one durable step costs, against a workflow of no-op activities on the same service. */
import { openAnalysisWorker } from '../test/support/analysis-worker.ts';
import { openTestService } from '../test/support/temporal-service.ts';
import { openBaselineWorker } from './baseline-worker.ts';
import { analysisId } from './conversation.ts';
import { gaps, median, type Measure } from './measure.ts';
import { openTemporaryFolder } from './temporary-folder.ts';
import { createBenchWorld } from './world.ts';

const rounds = 3;
const turns = 100;
/** A model turn and a tool call. */
const stepsPerTurn = 2;

/** LangGraph with Postgres, sync, at 100 turns, from the design's own measurements on such a machine. */
const outsideMs = 17.8;

export const durableStep: Measure = {
  name: 'durable-step',
  about: 'ms per durable step (model turn or tool call), against no-op activities on the same service',
  async run() {
    await using service = await openTestService();
    await using baseline = await openBaselineWorker(service.address);
    await using worker = await openAnalysisWorker(service.address);
    await using folder = await openTemporaryFolder();
    const noop: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      noop.push(...gaps(await baseline.runNoop(`noop-${round}`, turns * stepsPerTurn)));
      const world = createBenchWorld(folder.path, turns);
      await worker.run(analysisId(`step-${round}`), world, { maxSteps: turns + 1, searchAttributes: false });
      ours.push(...gaps(world.asked).map((gap) => gap / stepsPerTurn));
    }
    const [baselineMs, oursMs] = [median(noop), median(ours)];
    return [
      {
        metric: '1 durable step',
        unit: 'ms',
        baseline: baselineMs,
        against: 'no-op activity',
        ours: oursMs,
        ratio: oursMs / baselineMs,
        note: `targets are ≤ 0.75 (S) and ≤ 0.45 (X) of LangGraph + Postgres; its ${outsideMs} ms was not measured in this run, against it: ${(oursMs / outsideMs).toFixed(2)}.`,
      },
    ];
  },
};

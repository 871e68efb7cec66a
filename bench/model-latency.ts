/** Row 8: from the client's call that starts an analysis until the model is asked, with a worker running. */
import { openAnalysisWorker } from '../test/support/analysis-worker.ts';
import { openTestService } from '../test/support/temporal-service.ts';
import { openBaselineWorker } from './baseline-worker.ts';
import { analysisId } from './conversation.ts';
import { atMost, median, type Measure } from './measure.ts';
import { openTemporaryFolder } from './temporary-folder.ts';
import { createBenchWorld } from './world.ts';

const starts = 30;

export const modelLatency: Measure = {
  name: 'model-latency',
  about: 'from the start call to the request to the model, against the first activity of a no-op workflow',
  async run() {
    await using service = await openTestService();
    await using baseline = await openBaselineWorker(service.address);
    await using worker = await openAnalysisWorker(service.address);
    await using folder = await openTemporaryFolder();
    const noop: number[] = [];
    const ours: number[] = [];
    for (let start = 0; start < starts; start += 1) {
      const noopFrom = performance.now();
      const [first] = await baseline.runNoop(`noop-${start}`, 1);
      noop.push(first! - noopFrom);
      const world = createBenchWorld(folder.path, 1);
      const oursFrom = performance.now();
      await worker.run(analysisId(`start-${start}`), world, { searchAttributes: false });
      ours.push(world.asked[0]! - oursFrom);
    }
    const [baselineMs, oursMs] = [median(noop), median(ours)];
    return [
      {
        metric: '8 start → model request',
        unit: 'ms',
        baseline: baselineMs,
        against: 'first no-op activity',
        ours: oursMs,
        ratio: oursMs / baselineMs,
        target: atMost(40, 15, 'ours'),
        note: 'two activities (catalogue of tools, model turn), the in-process tool taking no time.',
      },
    ];
  },
};

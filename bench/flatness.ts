/** Row 2: whether a step late in a long analysis costs more than an early one. */
import { openAnalysisWorker } from '../test/support/analysis-worker.ts';
import { openTestService } from '../test/support/temporal-service.ts';
import { analysisId } from './conversation.ts';
import { atMost, gaps, median, type Measure } from './measure.ts';
import { openTemporaryFolder } from './temporary-folder.ts';
import { createBenchWorld } from './world.ts';

const turns = 1_000;
const measured = 100;

export const flatness: Measure = {
  name: 'flatness',
  about: 'ms per step in turns 900–1,000 of one analysis, against its turns 1–100',
  async run() {
    await using service = await openTestService();
    await using worker = await openAnalysisWorker(service.address);
    await using folder = await openTemporaryFolder();
    const warmUp = createBenchWorld(folder.path, measured / 2);
    await worker.run(analysisId('warm'), warmUp, { maxSteps: turns, searchAttributes: false });
    const world = createBenchWorld(folder.path, turns);
    await worker.run(analysisId('long'), world, { maxSteps: turns + 1, searchAttributes: false });
    const times = gaps(world.asked).map((gap) => gap / 2);
    const [early, late] = [median(times.slice(0, measured)), median(times.slice(-measured))];
    return [
      {
        metric: '2 step at turns 900–1,000',
        unit: 'ms',
        baseline: early,
        against: 'turns 1–100',
        ours: late,
        ratio: late / early,
        target: atMost(1.15, 1.03),
      },
    ];
  },
};

/** How many durable steps a second fifty analyses at once get, against fifty no-op workflows on the same service. */
import { openAnalysisWorker } from '../test/support/analysis-worker.ts';
import { openTestService } from '../test/support/temporal-service.ts';
import { openBaselineWorker } from './baseline-worker.ts';
import { analysisId } from './conversation.ts';
import { elapsedMs, median, type Measure } from './measure.ts';
import { openTemporaryFolder } from './temporary-folder.ts';
import { createBenchWorld } from './world.ts';

const analyses = 50;
const turns = 10;
const rounds = 2;
/** Every turn is a model turn and a tool call, but for the last; catalogue and report are steps as well. */
const steps = 2 * turns + 1;

export const concurrency: Measure = {
  name: 'concurrency',
  about: `steps a second with ${analyses} analyses at once, against as many no-op workflows`,
  async run() {
    await using service = await openTestService();
    await using baseline = await openBaselineWorker(service.address);
    await using worker = await openAnalysisWorker(service.address);
    await using folder = await openTemporaryFolder();
    const each = Array.from({ length: analyses }, (_, index) => index);
    const noop: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      noop.push(await elapsedMs(() => Promise.all(each.map((one) => baseline.runNoop(`noop-${round}-${one}`, steps)))));
      const world = createBenchWorld(folder.path, turns);
      const input = { maxSteps: turns + 1, searchAttributes: false };
      ours.push(
        await elapsedMs(() => Promise.all(each.map((one) => worker.run(analysisId(`${round}-${one}`), world, input)))),
      );
    }
    const perSecond = (times: readonly number[]) => (analyses * steps * 1000) / median(times);
    return [
      {
        metric: `steps/s, ${analyses} analyses`,
        unit: '/s',
        baseline: perSecond(noop),
        against: 'no-op workflows',
        ours: perSecond(ours),
        ratio: perSecond(ours) / perSecond(noop),
      },
    ];
  },
};

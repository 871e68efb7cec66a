/** Row 16: from the start of a worker's process until it can poll, with the bundle built before. */
import { loadConfig } from '../src/config.ts';
import { workflowBundle } from '../src/temporal/workflow-bundle.ts';
import { openTestService } from '../test/support/temporal-service.ts';
import { atMost, median, type Measure } from './measure.ts';
import { endBy, startProgram } from './processes.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

const starts = 7;

export const workerReady: Measure = {
  name: 'worker-ready',
  about: 'from the start of `dpa worker` until it polls, against a bare Temporal worker',
  async run() {
    await using service = await openTestService();
    await using folder = await openTemporaryFolder();
    const { cacheFolder, environment } = loadConfig();
    const { codePath } = await workflowBundle(cacheFolder);
    const env = { ...environment, DPA_HOME: folder.path, TEMPORAL_ADDRESS: service.address };
    const bare: number[] = [];
    const ours: number[] = [];
    const time = async (program: string, args: readonly string[], on: 'stdout' | 'stderr', word: string) => {
      const isAwaited = (line: string) => line.startsWith(word);
      const { afterMs, child } = await startProgram(program, args, { cwd: folder.path, env, on, isAwaited });
      await endBy('SIGKILL', child);
      return afterMs;
    };
    // One more than counted: the first start of each fills Node's compile cache.
    for (let start = 0; start <= starts; start += 1) {
      const bareMs = await time('bench/bare-worker.ts', [service.address, codePath], 'stdout', 'polling');
      const oursMs = await time('src/client.ts', ['worker'], 'stderr', 'worker on');
      if (start === 0) continue;
      bare.push(bareMs);
      ours.push(oursMs);
    }
    const [baselineS, oursS] = [median(bare) / 1000, median(ours) / 1000];
    return [
      {
        metric: '16 worker ready',
        unit: 's',
        baseline: baselineS,
        against: 'bare Temporal worker',
        ours: oursS,
        ratio: oursS / baselineS,
        target: atMost(1, 0.65, 'ours'),
      },
    ];
  },
};

/** The activity that reads a suite from its files: once per run, and what was read stays what the run is about. */
import { Failure } from '../analysis/failures.ts';
import { intervalAt, intervalOf } from '../quality/interval.ts';
import type { DataInterval } from '../quality/run.ts';
import { withHeartbeat } from './heartbeat.ts';
import type { QualityDependencies } from './quality.ts';
import type { ReadSuiteInput, ReadSuiteResult } from './quality-contract.ts';

export function createReadSuite({ store, readSuiteFiles }: QualityDependencies) {
  return (input: ReadSuiteInput): Promise<ReadSuiteResult> =>
    withHeartbeat(async () => {
      const interval = intervalIn(input);
      const { suite, data, aliases } = await readSuiteFiles(input.suite, interval.name);
      return { suite: await store.put(JSON.stringify(suite)), suiteName: suite.name, data, aliases, interval };
    });
}

function intervalIn({ interval, startedAtMs }: ReadSuiteInput): DataInterval {
  if (interval === undefined) return intervalAt(startedAtMs, 'UTC');
  const read = typeof interval === 'string' ? intervalOf(interval, startedAtMs) : interval;
  if (typeof read === 'string') throw new Failure('Config.Invalid', `Expected the interval ${read}.`);
  return read;
}

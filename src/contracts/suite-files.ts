/** Reads a suite for the worker, as the command line would: contracts, and the paths of the data of an interval. */
import { Failure } from '../analysis/failures.ts';
import type { Suite, SuiteFiles } from '../quality/run.ts';
import { readSuite } from './suite.ts';
import { namedData } from './suite-data.ts';

/** Rejects with `Config.Invalid` and every fault of every contract. */
export function createReadSuiteFiles(workingFolder: string) {
  return async (
    { files, data: given = [], name, folder = workingFolder }: SuiteFiles,
    interval: string,
  ): Promise<{ suite: Suite; data: readonly string[]; aliases: Readonly<Record<string, string>> }> => {
    const { suite, data: ofSuite } = await readSuite(folder, files, name).catch((cause: unknown) => {
      throw new Failure('Config.Invalid', cause instanceof Error ? cause.message : String(cause), { cause });
    });
    const { paths, aliases } = namedData({ folder, given, ofSuite, suite, interval });
    return { suite, data: paths, aliases };
  };
}

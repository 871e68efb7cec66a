/** The data of a quality run: paths, of which some are named for a table as in `--data orders=2024/orders.csv`. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkedDataPaths } from './data-paths.ts';
import type { Suite } from '../quality/run.ts';
import { pathOfInterval } from './interval-path.ts';

/** Absolute paths. */
export type QualityData = { readonly paths: readonly string[]; readonly aliases: Readonly<Record<string, string>> };

export type DataWords = {
  /** Where relative paths begin. */
  readonly folder: string;
  readonly given: readonly string[];
  readonly ofSuite: readonly string[];
  readonly suite: Suite;
  /** The name of the data interval, for paths that are of one. */
  readonly interval: string;
};

/** What was given, else what the suite file names, else where the contracts' local servers are. Rejects with a `CommandError`. */
export async function qualityData(words: DataWords): Promise<QualityData> {
  const { paths, aliases } = dataWords(words);
  return { paths: await checkedDataPaths(paths, words.folder), aliases };
}

/** The same, whether it is there or not: what a night does not find is an error of its tables, and no reason not to run. */
export function namedData(words: DataWords): QualityData {
  const { paths, aliases } = dataWords(words);
  return { paths: paths.map((path) => resolve(words.folder, path)), aliases };
}

/** Paths as they are named, and absolute ones of those that are named for a table. */
function dataWords({ folder, given, ofSuite, suite, interval }: DataWords): QualityData {
  const words = given.length > 0 ? given : ofSuite.length > 0 ? ofSuite : localServers(suite);
  const tables = new Set(suite.contracts.flatMap((contract) => contract.tables.map(({ name }) => name)));
  const aliases: Record<string, string> = {};
  const paths: string[] = [];
  for (const word of words.map((one) => pathOfInterval(one, interval))) {
    const [, name, path] = /^([^=/\\]+)=(.+)$/.exec(word) ?? [];
    const isAlias = name !== undefined && path !== undefined && tables.has(name) && !existsSync(resolve(folder, word));
    if (isAlias) aliases[name] = resolve(folder, path);
    paths.push(isAlias ? path : word);
  }
  return { paths, aliases };
}

function localServers({ contracts }: Suite): readonly string[] {
  const locations = contracts.flatMap(({ servers }) =>
    servers.flatMap(({ type, location }) => (type === 'local' && location !== undefined ? [location] : [])),
  );
  return [...new Set(locations)];
}

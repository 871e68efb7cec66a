/** The data of a quality run: paths, of which some are named for a table as in `--data orders=2024/orders.csv`. */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { Config } from '../../config.ts';
import type { Suite } from '../../quality/run.ts';
import { checkedDataPaths } from '../data-paths.ts';

export type QualityData = { readonly paths: readonly string[]; readonly aliases: Readonly<Record<string, string>> };

/** What was given, else what the suite file names, else where the contracts' local servers are. Rejects with a `CommandError`. */
export async function qualityData(
  config: Config,
  given: readonly string[],
  ofSuite: readonly string[],
  suite: Suite,
): Promise<QualityData> {
  const words = given.length > 0 ? given : ofSuite.length > 0 ? ofSuite : localServers(suite);
  const tables = new Set(suite.contracts.flatMap((contract) => contract.tables.map(({ name }) => name)));
  const aliases: Record<string, string> = {};
  const paths: string[] = [];
  for (const word of words) {
    const [, name, path] = /^([^=/\\]+)=(.+)$/.exec(word) ?? [];
    const isAlias =
      name !== undefined && path !== undefined && tables.has(name) && !existsSync(resolve(config.workingFolder, word));
    if (isAlias) aliases[name] = isAbsolute(path) ? path : resolve(config.workingFolder, path);
    paths.push(isAlias ? path : word);
  }
  return { paths: await checkedDataPaths(paths, config.workingFolder), aliases };
}

function localServers({ contracts }: Suite): readonly string[] {
  const locations = contracts.flatMap(({ servers }) =>
    servers.flatMap(({ type, location }) => (type === 'local' && location !== undefined ? [location] : [])),
  );
  return [...new Set(locations)];
}

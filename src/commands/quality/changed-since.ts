/** `--changed-since`: what is left to check when only changes count. */
import type { Config } from '../../config.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { changedContracts } from './changed-contracts.ts';
import type { QualityData } from '../../contracts/suite-data.ts';
import { gitChanges } from './git-changes.ts';
import { projectRoot, type NamedSuite } from '../../contracts/suite.ts';

/** The ids of the contracts that a change concerns, and since when that is. */
export async function changedSince(
  config: Config,
  { suite, file }: NamedSuite,
  data: QualityData,
  ref: string,
): Promise<{ readonly contracts: readonly string[]; readonly since: string }> {
  const root = projectRoot(config.workingFolder);
  const { base, files } = await gitChanges(root, ref);
  const contracts = changedContracts(suite, data, file, { root, changed: files });
  return { contracts, since: `${ref} (${base.slice(0, 10)})` };
}

export function nothingChanged(since: string, json: boolean, code: number, terminal: Terminal): number {
  const headline = `Nothing to check: no contract, and no data of one in this repository, changed since ${since}.`;
  terminal.answer(
    json
      ? JSON.stringify({
          schema: 'dpa.quality/1',
          result: 'skipped',
          verdict: 'skipped',
          exitCode: code,
          headline,
          checks: [],
        })
      : headline,
  );
  return code;
}

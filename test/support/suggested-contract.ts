/** The contract that is proposed for a file, written out and read again as a user's would be. */
import { contractIn } from '../../src/contracts/read-contract.ts';
import { contractYaml } from '../../src/contracts/write-contract.ts';
import type { Contract } from '../../src/quality/contract.ts';
import { contractDocument } from '../../src/quality/suggest/document.ts';
import { suggest } from '../../src/quality/suggest/suggest.ts';
import { withLake } from './lake-ask.ts';

export type SuggestedContract = { readonly yaml: string; readonly contract: Contract };

export async function suggestedContract(file: string, now = Date.UTC(2026, 0, 1)): Promise<SuggestedContract> {
  return withLake([file], async (lake) => {
    const [dataset = ''] = await lake.datasets();
    const suggested = await suggest(lake.ask, dataset, await lake.columns(dataset), now);
    const yaml = contractYaml(contractDocument(dataset, [suggested]), 'proposed');
    const read = contractIn(yaml, 'suggested.yaml');
    if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults));
    return { yaml, contract: read.contract };
  });
}

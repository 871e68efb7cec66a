/** What contracts find of the known errors of public data sets: proposed from the dirty file alone, and written by hand. */
import { fileURLToPath } from 'node:url';
import { readContract } from '../src/contracts/read-contract.ts';
import { accusedCells, scoreOf, wrongCells, type Score } from '../test/support/accused-cells.ts';
import { suggestedContract } from '../test/support/suggested-contract.ts';
import { truthSets, type TruthSet } from '../test/support/truth-data.ts';
import type { Measure, Row } from './measure.ts';

export const truth: Measure = {
  name: 'truth',
  about: 'F1 of the wrong cells that proposed and hand-written contracts find in data with known errors',
  async run() {
    const sets = truthSets();
    if (sets.length === 0) console.error('truth: no data beside the project; set DPA_TRUTH_DATA to its folder');
    const rows: Row[] = [];
    for (const set of sets) rows.push(...(await rowsOf(set)));
    return rows;
  },
};

async function rowsOf(set: TruthSet): Promise<Row[]> {
  const wrong = wrongCells(set.dirty, set.clean);
  const { contract } = await suggestedContract(set.dirty);
  const proposed = scoreOf(wrong, await accusedCells(contract, set.dirty));
  const file = fileURLToPath(new URL(`../test/fixtures/contracts/${set.name}.odcs.yaml`, import.meta.url));
  const written = await readContract(file);
  if (written.kind === 'faulty') throw new Error(JSON.stringify(written.faults));
  const byHand = scoreOf(wrong, await accusedCells(written.contract, set.dirty));
  const onClean = (await accusedCells(written.contract, set.clean)).size;
  const proposedOnClean = (await accusedCells((await suggestedContract(set.clean)).contract, set.clean)).size;
  return [
    {
      metric: `${set.name}: suggest, from the dirty file`,
      unit: 'F1',
      ours: proposed.f1,
      target: { of: 'ours', better: 'higher', solid: 0.6, extraordinary: 0.75 },
      note: `${words(proposed)}; from the clean file: ${proposedOnClean} accused`,
    },
    {
      metric: `${set.name}: contract written by hand`,
      unit: 'F1',
      ours: byHand.f1,
      note: `${words(byHand)}; on the clean file ${onClean}`,
    },
  ];
}

function words({ wrong, accused, right, precision, recall }: Score): string {
  return `${right} of ${wrong} found, ${accused} accused, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`;
}

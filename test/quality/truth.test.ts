/** Contracts written by hand against public data with known errors: what must be found, and nothing on the clean twin. */
import { fileURLToPath } from 'node:url';
import { readContract } from '../../src/contracts/read-contract.ts';
import { accusedCells, scoreOf, wrongCells } from '../support/accused-cells.ts';
import { truthSets } from '../support/truth-data.ts';

const known: Readonly<Record<string, { wrong: number; precision: number; recall: number }>> = {
  beers: { wrong: 4_362, precision: 1, recall: 1 },
  hospital: { wrong: 509, precision: 0.998, recall: 0.984 },
};

async function written(name: string) {
  const read = await readContract(fileURLToPath(new URL(`../fixtures/contracts/${name}.odcs.yaml`, import.meta.url)));
  if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults));
  return read.contract;
}

test('beers has five rules', async () => {
  const { checks, unchecked } = await written('beers');
  expect(checks.filter(({ source }) => source.includes('quality'))).toHaveLength(5);
  expect(unchecked).toEqual([]);
});

// Where the public sets are beside the project.
for (const set of truthSets()) {
  test(`${set.name}: found on the dirty file, silent on the clean one`, async () => {
    const contract = await written(set.name);
    const score = scoreOf(wrongCells(set.dirty, set.clean), await accusedCells(contract, set.dirty));
    const { precision, recall, wrong } = known[set.name]!;
    expect(score.wrong).toBe(wrong);
    expect(score.precision).toBeGreaterThanOrEqual(precision);
    expect(score.recall).toBeGreaterThanOrEqual(recall);
    expect(await accusedCells(contract, set.clean)).toEqual(new Set());
  });
}

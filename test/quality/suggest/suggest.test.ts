/** Contracts proposed from data: how many wrong cells they find in data with known errors, seen before or not, and that they repeat themselves. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accusedCells, scoreOf, wrongCells } from '../../support/accused-cells.ts';
import { articles, customers, films, flights, weather, writeTwins } from '../../support/damaged-data.ts';
import { suggestedContract } from '../../support/suggested-contract.ts';
import { truthSets } from '../../support/truth-data.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-suggest-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['customers', customers, 0.9],
  ['films', films, 0.9],
  ['flights', flights, 0.8],
  ['articles', articles, 0.9],
  ['weather', weather, 0.9],
])('made-up %s: most of the damage is found, little else accused', async (_name, make, least) => {
  const twins = await writeTwins(folder, make());
  const { contract } = await suggestedContract(twins.dirty);
  const score = scoreOf(wrongCells(twins.dirty, twins.clean), await accusedCells(contract, twins.dirty));
  expect(score.f1).toBeGreaterThan(least);
  const calm = await suggestedContract(twins.clean);
  expect((await accusedCells(calm.contract, twins.clean)).size).toBeLessThanOrEqual(score.wrong / 20);
});

test('the same data gives the same contract, letter by letter', async () => {
  const { dirty } = await writeTwins(folder, customers(500));
  expect((await suggestedContract(dirty)).yaml).toBe((await suggestedContract(dirty)).yaml);
});

test('each rule has its evidence and how sure it is', async () => {
  const { dirty } = await writeTwins(folder, customers());
  const { yaml } = await suggestedContract(dirty);
  expect(yaml).toMatch(/check: functionalDependency\n\s+determinant:\n\s+- postcode\n\s+column: city/);
  expect(yaml).toMatch(/description: in 126 groups of equal postcode, 9\d\.\d % of 1,9\d\d rows agree on city/);
  expect(yaml).toMatch(/property: dpa\.confidence\n\s+value: 0\.\d+/);
  expect(yaml).toMatch(/logicalType: .* plain numbers, .* are numbers with `(?:k|\$)`/);
});

// Where the public sets are beside the project.
for (const set of truthSets()) {
  test(`${set.name}: proposed from the dirty file alone`, async () => {
    const { contract } = await suggestedContract(set.dirty);
    const { f1 } = scoreOf(wrongCells(set.dirty, set.clean), await accusedCells(contract, set.dirty));
    expect(f1).toBeGreaterThan(0.95);
  });
}

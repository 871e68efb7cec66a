/** Thirty nights of forty checks: what was planted is found on its night, and hardly anything else is. */
import { openedByNight, openNightlyShop, type NightlyShop } from '../support/nightly-shop.ts';
import { planted } from '../support/nights.ts';

let shop: NightlyShop;

beforeAll(async () => {
  shop = await openNightlyShop();
});

afterAll(() => shop.close());

test('there are forty checks', () => {
  expect(shop.contract.checks.length).toBeGreaterThanOrEqual(40);
});

test.each([1, 2, 3, 4, 5])('seed %d: drift, late data, a new schema and a holiday, each on its night', async (seed) => {
  const opened = await openedByNight(shop, seed);
  const kinds = (night: number) => opened.get(night)!.map(({ kind }) => kind);
  expect(kinds(planted.drift)).toContain('distributionDrift');
  expect(kinds(planted.late)).toContain('freshness');
  expect(kinds(planted.schema)).toContain('schema');
  expect(kinds(planted.holiday)).toContain('volume');
  const events: readonly number[] = Object.values(planted);
  const falseAlarms = [...opened]
    .filter(([night]) => !events.includes(night))
    .flatMap(([night, checks]) => checks.map(({ name, reason }) => `night ${night}: ${name}: ${reason}`));
  expect(falseAlarms.slice(1)).toEqual([]);
});

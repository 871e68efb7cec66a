/** Keys of several columns are proposed where there are some, the smallest of them, and not where chance made them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suggestedContract } from '../../support/suggested-contract.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-keys-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function keyOf(header: string, rows: readonly (readonly (string | number)[])[]): Promise<readonly string[]> {
  const file = join(folder, 'lines.csv');
  await writeFile(file, `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`);
  const { contract } = await suggestedContract(file);
  const check = contract.checks.find(({ kind }) => kind === 'duplicateValues');
  return check?.kind === 'duplicateValues' ? check.columns : [];
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
/** The same everywhere, without a pattern that a key would show. */
const scattered = (index: number, size: number) => Math.floor(Math.abs(Math.sin(index * 12.9898) * 43_758.5453) % size);

test('a line number within an order', async () => {
  const rows = numbers(900).map((index) => [Math.floor(index / 3), (index % 3) + 1, `p${scattered(index, 7)}`]);
  expect(await keyOf('order_id,line,product', rows)).toEqual(['order_id', 'line']);
});

test('a station and a day; the column before them is no part of it', async () => {
  const rows = numbers(800).map((index) => [
    ['calm', 'rain', 'snow'][scattered(index, 3)]!,
    `s${index % 20}`,
    new Date(Date.UTC(2024, 0, 1 + Math.floor(index / 20))).toISOString().slice(0, 10),
  ]);
  expect(await keyOf('weather,station,day', rows)).toEqual(['station', 'day']);
});

test('three columns, where no two are enough', async () => {
  const rows = numbers(1_000).map((index) => [
    `r${index % 10}`,
    `p${Math.floor(index / 10) % 10}`,
    `m${Math.floor(index / 100)}`,
  ]);
  expect(await keyOf('region,product,month', rows)).toEqual(['region', 'product', 'month']);
});

test('a single column that is unique needs no other', async () => {
  const rows = numbers(300).map((index) => [index, Math.floor(index / 3), index % 3]);
  expect(await keyOf('id,order_id,line', rows)).toEqual(['id']);
});

test('two columns of so many values that they hardly could repeat are none', async () => {
  const rows = numbers(300).map((index) => [`a${scattered(index, 250)}`, `b${scattered(index + 5_000, 250)}`, 1]);
  expect(await keyOf('first,second,one', rows)).toEqual([]);
});

test('one row twice, and there is no key', async () => {
  const rows = numbers(900).map((index) => [Math.floor(index / 3), (index % 3) + 1, 'p']);
  expect(await keyOf('order_id,line,product', [...rows, [1, 1, 'p']])).toEqual([]);
});

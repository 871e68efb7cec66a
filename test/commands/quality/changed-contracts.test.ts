import { changedContracts } from '../../../src/commands/quality/changed-contracts.ts';
import type { Check } from '../../../src/quality/check.ts';
import type { Contract } from '../../../src/quality/contract.ts';

const root = '/project';

function contract(id: string, table: string, checks: readonly object[] = []): Contract {
  return {
    id,
    version: '1.0.0',
    apiVersion: 'v3.2.0',
    tags: [],
    servers: [],
    tables: [{ name: table, physicalName: table, columns: [], tags: [] }],
    checks: checks as Check[],
    unchecked: [],
    written: { file: `contracts/${id}.odcs.yaml`, lines: {} },
  };
}

const suite = {
  name: 'shop',
  contracts: [
    contract('orders', 'orders', [{ kind: 'foreignKey', to: { table: 'people', columns: ['id'] } }]),
    contract('people', 'people'),
    contract('prices', 'price list'),
  ],
};
const all = ['orders', 'people', 'prices'];
const data = { paths: ['/project/exports', '/elsewhere'], aliases: {} };

const concerned = (changed: readonly string[], more: { paths?: string[]; aliases?: Record<string, string> } = {}) =>
  changedContracts(suite, { ...data, ...more }, '/project/suites/shop.yaml', { root, changed });

test.each<[string, readonly string[], readonly string[]]>([
  ['nothing of theirs', ['README.md', 'src/main.ts', 'elsewhere/orders.csv'], []],
  ['a contract', ['contracts/people.odcs.yaml'], ['people']],
  ['the suite', ['suites/shop.yaml'], all],
  ['a file of a table', ['exports/orders.csv'], ['orders']],
  ['a table that another one refers to', ['exports/people.csv'], ['orders', 'people']],
  ['a partition', ['exports/orders/day=2026-11-24/part-0.parquet'], ['orders']],
  ['a name that needs cleaning', ['exports/Price-List.csv.gz'], ['prices']],
  ['data of no table, which may be any table', ['exports/2024.csv'], all],
  ['what is no data, among the data', ['exports/notes.md', 'exports/.cache/orders.csv'], []],
])('%s', (_what, changed, expected) => {
  expect(concerned(changed)).toEqual(expected);
});

test('data named for a table counts for it whatever it is called, and patterns for what they match', () => {
  const named = { paths: ['/project/2024/o.csv'], aliases: { orders: '/project/2024/o.csv' } };
  expect(concerned(['2024/o.csv'], named)).toEqual(['orders']);
  expect(concerned(['2024/people.csv'], { paths: ['/project/2024/*.csv'] })).toEqual(['orders', 'people']);
  expect(concerned(['2024/sub/people.csv'], { paths: ['/project/2024/*.csv'] })).toEqual([]);
});

/** Rows in quarantine: each violating row once, with all rules it violates, whatever kind they are; through the tool server's limits. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quarantine } from '../../src/activities/quality-quarantine.ts';
import type { Check } from '../../src/quality/check.ts';
import type { CheckResult } from '../../src/quality/check-result.ts';
import { duckdbDialect } from '../../src/quality/duckdb-dialect.ts';
import { createQuarantineFiles } from '../../src/store/quarantine-files.ts';
import { withLake } from '../support/lake-ask.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-quarantine-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const rules: readonly Partial<Check>[] = [
  { id: 'positive', kind: 'rowExpression', expression: 'amount >= 0', columns: ['amount'] },
  { id: 'unique', kind: 'duplicateValues', columns: ['id'] },
  { id: 'known', kind: 'foreignKey', columns: ['shop'], to: { table: 'shops', columns: ['shop'] } },
  { id: 'city', kind: 'functionalDependency', determinant: ['shop'], column: 'city' },
  { id: 'filled', kind: 'nullValues', column: 'city', filter: `shop <> 'x'` },
  { id: 'fine', kind: 'nullValues', column: 'id' },
];

/** `lines` of id, shop, city, amount; asks what the program would after all rules but the last were broken. */
async function asideOf(lines: readonly string[], violatingRows = 1) {
  await writeFile(join(folder, 'orders.csv'), `id,shop,city,amount\n${lines.join('\n')}\n`);
  await writeFile(join(folder, 'shops.csv'), 'shop\na\nb\n');
  return withLake([folder], async ({ ask, columns }) => {
    const table = (name: string) => ({ name, physicalName: name, columns: [], tags: [] });
    const shops = { table: table('shops'), dataset: 'shops', columns: await columns('shops') };
    const context = {
      table: table('orders'),
      dataset: 'orders',
      columns: await columns('orders'),
      dialect: duckdbDialect,
      others: new Map([['shops', shops]]),
    };
    const results = rules.map(({ id }) => ({ id, verdict: id === 'fine' ? 'passed' : 'failed', violatingRows }));
    const written = new Map<string, string>();
    const files = {
      ...createQuarantineFiles(),
      write: async (path: string, text: string) => void written.set(path, text),
      remove: async (path: string) => void written.delete(path),
    };
    const request = { folder: '/q', suite: 's', interval: '1', contract: 'c', data: [folder] };
    const aside = await quarantine(files, request, context, rules as Check[], results as CheckResult[], ask);
    const text = [...written.values()][0] ?? '';
    return {
      aside,
      text,
      rows: text
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as object),
    };
  });
}

test('each violating row is there once, with all rules it violates', async () => {
  const { rows, aside } = await asideOf(['1,a,Ulm,5', '2,a,Ulm,-1', '2,a,Rom,1', '3,z,Ulm,1', '4,b,,1', '5,a,Ulm,']);
  expect(rows).toEqual([
    { _checks: ['filled'], id: 4, shop: 'b', city: null, amount: 1 },
    { _checks: ['known'], id: 3, shop: 'z', city: 'Ulm', amount: 1 },
    { _checks: ['positive', 'unique'], id: 2, shop: 'a', city: 'Ulm', amount: -1 },
    { _checks: ['unique', 'city'], id: 2, shop: 'a', city: 'Rom', amount: 1 },
  ]);
  expect(aside).toMatchObject({ rows: 4, dataset: 'orders', file: '/q/s/1/c.orders.ndjson' });
});

test('more rows than one answer holds are asked for in slices, and the file is the same twice', async () => {
  const lines = Array.from({ length: 12_000 }, (_, index) => `${index},a,Ulm,-${index}`);
  const first = await asideOf(lines, 12_000);
  expect(first.rows).toHaveLength(11_999);
  expect(new Set(first.rows.map((row) => (row as { id: number }).id)).size).toBe(11_999);
  // Also where nobody knew how many there would be.
  expect((await asideOf(lines, 1)).text).toBe(first.text);
});

test('rows that fit into no answer are not cut: none is put aside, and that is said', async () => {
  const { aside, text } = await asideOf([`1,a,${'x'.repeat(5_000)},-1`]);
  expect(aside).toEqual({ problem: expect.stringContaining('longer ones; none was put aside') });
  expect(text).toBe('');
});

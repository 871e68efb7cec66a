/** The SQL guard: hostile statements are refused and leave no trace, honest ones pass. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLake } from './lake-fixture.ts';
import { benignStatements, hostileStatements } from './statements.ts';

const files = {
  'lake/orders.csv': 'id,customer,amount,placed\n1,ann,10.5,2024-01-01\n2,bob,,2024-01-02\n3,ann,7,2024-02-01\n',
  'lake/events.ndjson': '{"kind":"a","tags":["x","y"],"place":{"lat":1.5}}\n{"kind":"b","tags":[],"place":{"lat":2}}\n',
  'secret.csv': 'password\nhunter2\n',
};

const openGuarded = () => openLake(files, (folder) => [join(folder, 'lake')]);

test('the corpora are as big as promised and hold nothing twice', () => {
  expect(new Set(hostileStatements).size).toBe(hostileStatements.length);
  expect(new Set(benignStatements).size).toBe(benignStatements.length);
  expect(hostileStatements.length).toBeGreaterThanOrEqual(60);
  expect(benignStatements.length).toBeGreaterThanOrEqual(40);
});

test('every hostile statement is refused; no file is written, changed or shown', async () => {
  await using lake = await openGuarded();
  const before = contentsOf(lake.folder);
  for (const template of hostileStatements) {
    const sql = template.replaceAll('{folder}', lake.folder);
    const envelope = await lake.call('query', { sql });
    const text = JSON.stringify(envelope);
    expect({ sql, ok: envelope.ok, leaks: text.includes('hunter2') }).toEqual({ sql, ok: false, leaks: false });
    expect({ sql, class: envelope.error?.class }).toEqual({
      sql,
      class: expect.stringMatching(/^(policy|syntax|not_found)$/),
    });
  }
  expect(contentsOf(lake.folder)).toEqual(before);
  expect(await lake.sql('SELECT count(*) AS n FROM orders')).toEqual([{ n: '3' }]);
});

test('every benign statement runs', async () => {
  await using lake = await openGuarded();
  for (const sql of benignStatements) {
    const { ok, error } = await lake.call('query', { sql });
    expect({ sql, ok, error }).toEqual({ sql, ok: true, error: undefined });
  }
});

test('too long, NUL and nested beyond measure are refused before the engine works', async () => {
  await using lake = await openGuarded();
  const cases = [
    [`SELECT '${'x'.repeat(64 * 1024)}'`, 'statement_too_long'],
    ['SELECT 1\0', 'nul_in_statement'],
    [`SELECT ${'('.repeat(600)}1${')'.repeat(600)} + ${'abs('.repeat(600)}1${')'.repeat(600)}`, 'statement_too_deep'],
    ['   ', 'bad_arguments'],
    ['-- nothing here', 'bad_arguments'],
  ] as const;
  for (const [sql, code] of cases) {
    const { error } = await lake.call('query', { sql });
    expect([sql.slice(0, 20), error?.code]).toEqual([sql.slice(0, 20), code]);
  }
});

test('a PIVOT without values gets the advice to name them; SHOW leads to the tools', async () => {
  await using lake = await openGuarded();
  const pivot = await lake.call('query', { sql: 'PIVOT orders ON customer USING sum(amount)' });
  expect(pivot.error?.hint).toContain('IN (');
  const show = await lake.call('query', { sql: 'SHOW TABLES' });
  expect(show.error?.hint).toContain('list_datasets');
});

function contentsOf(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(path, 'utf8')]));
}

/** `dpa quality suggest` as a user meets it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dpa } from '../../support/dpa.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-suggest-'));
  const rows = Array.from({ length: 200 }, (_, i) => `${i + 1},${['open', 'paid', 'sent'][i % 3]},${(i * 7) % 90}.50`);
  await writeFile(join(folder, 'orders.csv'), `order_id,status,amount\n${rows.join('\n')}\n`);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('prints a contract, or writes it with the evidence on the screen; what it wrote validates', async () => {
  const printed = await dpa(['quality', 'suggest', 'orders.csv'], { cwd: folder });
  expect(printed.code).toBe(0);
  expect(printed.stdout).toMatch(/^# Proposed by/);
  const words = ['quality', 'suggest', 'orders.csv', '-o', 'contracts/orders.odcs.yaml'];
  const written = await dpa(words, { cwd: folder });
  expect(written.code).toBe(0);
  expect(written.stdout).toMatch(
    /^0\.95 {2}orders\.order_id: primaryKey true.*\n {6}200 rows have 200 different values$/m,
  );
  expect(await readFile(join(folder, 'contracts/orders.odcs.yaml'), 'utf8')).toBe(printed.stdout);
  expect((await dpa(['quality', 'validate', 'contracts'], { cwd: folder })).code).toBe(0);
  const again = await dpa(words, { cwd: folder });
  expect(again.code).toBe(64);
  expect(again.stderr).toMatch(/Expected to write contracts\/orders\.odcs\.yaml, found: EEXIST.*--force/);
});

test('as JSON, and a mistake in one sentence', async () => {
  const { stdout } = await dpa(['quality', 'suggest', 'orders.csv', '--json'], { cwd: folder });
  const { schema, suggestions } = JSON.parse(stdout) as { schema: string; suggestions: { column: string }[] };
  expect(schema).toBe('dpa.suggestions/1');
  expect(new Set(suggestions.map(({ column }) => column))).toEqual(new Set(['order_id', 'status', 'amount']));
  const wrong = await dpa(['quality', 'suggest', 'nowhere.csv'], { cwd: folder });
  expect(wrong.code).toBe(64);
  expect(wrong.stderr).toMatch(/Expected a file or folder at nowhere\.csv/);
});

test('a model that cannot be asked is said, and the contract is the same to the letter', async () => {
  const words = ['quality', 'suggest', 'orders.csv'];
  const without = await dpa(words, { cwd: folder });
  const named = await dpa([...words, '--model', 'openai/gpt-6.1-sol'], { cwd: folder });
  expect(named.stderr).toContain('They keep the names they have.');
  expect({ code: named.code, stdout: named.stdout }).toEqual({ code: 0, stdout: without.stdout });
});

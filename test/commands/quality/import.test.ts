/** `dpa quality import` as a user meets it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dpa } from '../../support/dpa.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-import-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('writes a contract that validates and names what it could not carry over', async () => {
  const suite = {
    expectations: [
      { type: 'expect_column_values_to_be_unique', kwargs: { column: 'id' } },
      { type: 'expect_magic', kwargs: {} },
    ],
  };
  await writeFile(join(folder, 'orders.json'), JSON.stringify(suite));
  const ran = await dpa(['quality', 'import', 'orders.json', '-o', 'orders.odcs.yaml'], { cwd: folder });
  expect(ran).toMatchObject({ code: 0, stdout: 'orders.odcs.yaml\n' });
  expect(ran.stderr).toMatch(
    /^not carried over: orders: {"expect_magic":{}}: an expectation this program has no check for$/m,
  );
  expect(ran.stderr).toMatch(/^1 rules carried over from Great Expectations, 1 not$/m);
  const validated = await dpa(['quality', 'validate', 'orders.odcs.yaml'], { cwd: folder });
  expect(validated.code).toBe(0);
  expect(validated.stdout).toMatch(/not checked: not carried over: {"expect_magic":{}}/);
});

test.each([
  ['nothing', 'nothing.yml', undefined, /Expected to be able to read nothing\.yml/],
  [
    'something else',
    'other.yml',
    'a: 1',
    /Expected a dbt schema\.yml, a Great Expectations suite or Soda checks in other\.yml/,
  ],
  ['no YAML', 'broken.yml', 'a: [', /broken\.yml:\d+:\d+: /],
])('%s: exit 64 and one sentence', async (_name, file, text, message) => {
  if (text !== undefined) await writeFile(join(folder, file), text);
  const ran = await dpa(['quality', 'import', file], { cwd: folder });
  expect(ran.code).toBe(64);
  expect(ran.stderr).toMatch(message);
});

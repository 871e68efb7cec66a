import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderJournal, type Journal } from '../../src/store/journal.ts';

let folder: string;
let journal: Journal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-journal-'));
  journal = createFolderJournal(folder);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function onlyFile(): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  return join(
    folder,
    names.find((name) => name.includes('/'))!,
  );
}

test('an entry is found under its whole key and no other', async () => {
  await journal.write(['turn', 'a', '1'], { reply: 'ref', usage: { inputTokens: 1 } });
  expect(await journal.read(['turn', 'a', '1'])).toEqual({ reply: 'ref', usage: { inputTokens: 1 } });
  for (const other of [
    ['turn', 'a', '2'],
    ['turn', 'a'],
    ['turn', 'a1'],
    ['turna', '1'],
  ]) {
    expect(await journal.read(other)).toBeUndefined();
  }
});

test('a later entry takes the place of an earlier one', async () => {
  await journal.write(['k'], 1);
  await journal.write(['k'], 2);
  expect(await journal.read(['k'])).toBe(2);
});

test('of many that claim a key at once one gets it; nobody claims what is there, whole or torn', async () => {
  const claims = await Promise.all(Array.from({ length: 20 }, (_, index) => journal.claim(['k'], index)));
  expect(claims.filter(Boolean)).toHaveLength(1);
  expect(await journal.read(['k'])).toBe(claims.indexOf(true));
  await writeFile(await onlyFile(), 'torn');
  expect(await journal.claim(['k'], 21)).toBe(false);
  expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('an entry torn at any byte counts as none', async () => {
  await journal.write(['k'], { reply: 'abc' });
  const path = await onlyFile();
  const whole = await readFile(path, 'utf8');
  for (let bytes = 0; bytes < whole.length; bytes++) {
    await writeFile(path, whole.slice(0, bytes));
    expect(await journal.read(['k'])).toBeUndefined();
  }
  await writeFile(path, whole.replace('abc', 'abd'));
  expect(await journal.read(['k'])).toBeUndefined();
});

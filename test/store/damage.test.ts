/** Damage in the store is told, whether it is met by reading or healed by writing. */
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderStore } from '../../src/store/folder.ts';
import { createFolderJournal } from '../../src/store/journal.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'dpa-store-'))));
afterEach(() => rm(folder, { recursive: true }));

/** The only file of the folder. */
async function theFile(): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files).toHaveLength(1);
  return files[0] ?? '';
}

test('a torn blob is told when it is read, and when it is written again; a whole one never', async () => {
  const damages: string[] = [];
  const store = createFolderStore(folder, (damage) => damages.push(damage));
  const ref = await store.put('content');
  await store.put('content');
  await store.get(ref);
  expect(damages).toEqual([]);
  await truncate(await theFile(), 3);
  await expect(store.get(ref)).rejects.toMatchObject({ type: 'Store.Corrupt' });
  await store.put('content');
  expect(damages).toEqual([expect.stringContaining(ref), expect.stringContaining(ref)]);
  expect(await store.get(ref)).toBe('content');
});

test('a torn journal entry is told and counts as none', async () => {
  const damages: string[] = [];
  const journal = createFolderJournal(folder, (damage) => damages.push(damage));
  await journal.write(['key'], { reply: 'r' });
  await truncate(await theFile(), 80);
  expect(await journal.read(['key'])).toBeUndefined();
  expect(damages).toEqual([expect.stringContaining('not used')]);
});

import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as fc from 'fast-check';
import { createFolderStore, refOf } from '../../src/store/folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-store-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function pathOf(ref: string): string {
  return join(folder, ref.slice(0, 2), ref);
}

test('what was put is found again, under the same reference each time', async () => {
  const store = createFolderStore(folder);
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (content) => {
      const ref = await store.put(content);
      expect(ref).toMatch(/^[0-9a-f]{64}$/);
      expect(await store.put(content)).toBe(ref);
      expect(await store.get(ref)).toBe(content);
    }),
    { numRuns: 30 },
  );
});

test('nothing but whole blobs is left in the folder', async () => {
  const store = createFolderStore(folder);
  const refs = await Promise.all(Array.from({ length: 20 }, (_, index) => store.put(`same or not ${index % 3}`)));
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.length > 2);
  expect(files.map((name) => basename(name)).sort()).toEqual([...new Set(refs)].sort());
});

test('a torn blob is reported as corrupt, never returned, and healed by a repeated put', async () => {
  const store = createFolderStore(folder);
  const ref = await store.put('the whole content');
  await writeFile(pathOf(ref), 'the whole c');
  await expect(store.get(ref)).rejects.toMatchObject({ type: 'Store.Corrupt', subject: ref });
  await store.put('the whole content');
  expect(await store.get(ref)).toBe('the whole content');
});

test('an emptied blob, as a power cut leaves it, is corrupt too', async () => {
  const store = createFolderStore(folder);
  const ref = await store.put('content');
  await writeFile(pathOf(ref), '');
  await expect(store.get(ref)).rejects.toMatchObject({ type: 'Store.Corrupt' });
});

test('a blob that is not there is missing, and the message names it', async () => {
  const ref = refOf('never put');
  const found = createFolderStore(folder).get(ref);
  await expect(found).rejects.toMatchObject({
    type: 'Store.Missing',
    subject: ref,
    message: expect.stringContaining(ref),
  });
});

test('a reference that is a path does not lead out of the folder to content', async () => {
  const store = createFolderStore(join(folder, 'store'));
  await mkdir(join(folder, 'store'));
  await writeFile(join(folder, 'secret'), 'secret');
  await expect(store.get('../secret')).rejects.toMatchObject({
    type: expect.stringMatching(/Store\.(Missing|Corrupt)/),
  });
});

test('a store that cannot be written says where and what to do', async () => {
  // A file where the folder should be: root may write anywhere else.
  await writeFile(join(folder, 'file'), '');
  const put = createFolderStore(join(folder, 'file')).put('content');
  await expect(put).rejects.toMatchObject({
    type: 'Store.Unwritable',
    message: expect.stringMatching(/ENOTDIR.*DPA_HOME/),
  });
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('');
});

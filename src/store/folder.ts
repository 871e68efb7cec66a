/** The content store in a folder: one file per blob, named by its SHA-256, verified on every read. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../analysis/failures.ts';
import type { ContentStore, Ref } from './content-store.ts';
import { writeStoreFile } from './store-file.ts';

/** `onDamage` is told of each blob whose content is not what its name promises; such content is never used. */
export function createFolderStore(folder: string, onDamage: (damage: string) => void = () => undefined): ContentStore {
  const pathOf = (ref: Ref) => join(folder, ref.slice(0, 2), ref);
  return {
    refOf,
    async put(content) {
      const ref = refOf(content);
      const path = pathOf(ref);
      // A file of the right name with wrong content (a torn write) is replaced, so a repeated put heals the store.
      const existing = await readFile(path, 'utf8').catch(() => undefined);
      if (existing === content) return ref;
      if (existing !== undefined) onDamage(`Blob ${ref} in ${folder} was damaged; it is written again.`);
      await writeStoreFile(path, content);
      return ref;
    },
    async get(ref) {
      const content = await readFile(pathOf(ref), 'utf8').catch((cause: unknown) => {
        throw new Failure('Store.Missing', `Expected blob ${ref} in ${folder}, found none.`, { subject: ref, cause });
      });
      if (refOf(content) === ref) return content;
      const message = `Blob ${ref} in ${folder} does not have the content its name promises; it is not used. The step that wrote it is done again.`;
      onDamage(message);
      throw new Failure('Store.Corrupt', message, { subject: ref });
    },
  };
}

export function refOf(content: string): Ref {
  return createHash('sha256').update(content).digest('hex');
}

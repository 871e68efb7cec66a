/** The journal: what a finished call answered, durable under the call's key before its activity completes, so that a retry never pays again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refOf } from './folder.ts';
import { createStoreFile, writeStoreFile } from './store-file.ts';

export type Journal = {
  /** The entry of a key, or undefined when there is none (a torn entry counts as none). */
  read(key: readonly string[]): Promise<unknown>;
  write(key: readonly string[], entry: unknown): Promise<void>;
  /** Writes the entry unless the key has one, torn or not: of several that claim it at once, one gets true. */
  claim(key: readonly string[], entry: unknown): Promise<boolean>;
};

/** `onDamage` is told of each torn entry. */
export function createFolderJournal(folder: string, onDamage: (damage: string) => void = () => undefined): Journal {
  const pathOf = (key: readonly string[]) => {
    const name = refOf(JSON.stringify(key));
    return join(folder, name.slice(0, 2), name);
  };
  return {
    async read(key) {
      const line = await readFile(pathOf(key), 'utf8').catch(() => undefined);
      if (line === undefined) return undefined;
      const [checksum, entry] = [line.slice(0, 64), line.slice(65)];
      if (refOf(entry) === checksum) return JSON.parse(entry) as unknown;
      onDamage(`The journal entry ${pathOf(key)} was damaged; it is not used, the call is made again.`);
      return undefined;
    },
    write: (key, entry) => writeStoreFile(pathOf(key), lineOf(entry)),
    claim: (key, entry) => createStoreFile(pathOf(key), lineOf(entry)),
  };
}

function lineOf(entry: unknown): string {
  const text = JSON.stringify(entry);
  return `${refOf(text)} ${text}`;
}

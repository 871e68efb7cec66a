/** Store and journal in memory, for tests that need no disk and may damage what is stored. */
import { Failure } from '../../src/analysis/failures.ts';
import type { ContentStore } from '../../src/store/content-store.ts';
import { refOf } from '../../src/store/folder.ts';
import type { Journal } from '../../src/store/journal.ts';

/** `content` is open to the test: deleting or changing an entry is the damage. */
export function memoryStore(): ContentStore & { readonly content: Map<string, string> } {
  const content = new Map<string, string>();
  return {
    content,
    refOf,
    async put(text) {
      content.set(refOf(text), text);
      return refOf(text);
    },
    async get(ref) {
      const text = content.get(ref);
      if (text === undefined) throw new Failure('Store.Missing', `no blob ${ref}`, { subject: ref });
      if (refOf(text) !== ref) throw new Failure('Store.Corrupt', `blob ${ref} is torn`, { subject: ref });
      return text;
    },
  };
}

export function memoryJournal(): Journal & { readonly entries: Map<string, unknown> } {
  const entries = new Map<string, unknown>();
  return {
    entries,
    read: async (key) => entries.get(JSON.stringify(key)),
    async claim(key, entry) {
      const name = JSON.stringify(key);
      return !entries.has(name) && entries.set(name, entry) !== undefined;
    },
    async write(key, entry) {
      entries.set(JSON.stringify(key), entry);
    },
  };
}

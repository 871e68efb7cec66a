/** Files of rows in quarantine. */
import { rm } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { writeStoreFile } from './store-file.ts';

export function createQuarantineFiles() {
  return {
    /** Names may hold anything that names of suites and tables hold. */
    pathOf: (folder: string, names: readonly string[]): string => join(folder, ...names.map(encodeURIComponent)),
    isWithin(folder: string, path: string): boolean {
      const way = relative(resolve(path), folder);
      return way === '' || (!way.startsWith('..') && !isAbsolute(way));
    },
    write: writeStoreFile,
    remove: (path: string): Promise<void> => rm(path, { force: true }),
  };
}

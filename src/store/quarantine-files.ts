/** Files of rows in quarantine. */
import { rm } from 'node:fs/promises';
import { writeStoreFile } from './store-file.ts';

export function createQuarantineFiles() {
  return {
    write: writeStoreFile,
    remove: (path: string): Promise<void> => rm(path, { force: true }),
  };
}

/** Acknowledgements and mutes beside the history of a suite: one file for each incident or check. */
import { createHash } from 'node:crypto';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Silence } from '../quality/silences.ts';
import { writeStoreFile } from './store-file.ts';

export function createQualitySilences(folder: string) {
  const folderOf = (suite: string): string => join(folder, encodeURIComponent(suite), 'silences');
  const pathOf = (suite: string, kind: Silence['kind'], subject: string): string =>
    join(folderOf(suite), `${kind}-${createHash('sha256').update(subject).digest('hex').slice(0, 32)}.json`);
  return {
    /** What cannot be read silences nothing. */
    async all(suite: string): Promise<readonly Silence[]> {
      const names = await readdir(folderOf(suite)).catch((): string[] => []);
      const read = names.sort().map(async (name): Promise<readonly Silence[]> => {
        try {
          const silence = JSON.parse(await readFile(join(folderOf(suite), name), 'utf8')) as Silence;
          return silence.schema === 'dpa.quality-silence/1' ? [silence] : [];
        } catch {
          return [];
        }
      });
      return (await Promise.all(read)).flat();
    },
    /** Replaces what was said of the same incident or check before. Rejects with `Store.Full` or `Store.Unwritable`. */
    write: (suite: string, silence: Silence): Promise<void> =>
      writeStoreFile(
        pathOf(suite, silence.kind, silence.kind === 'muted' ? silence.check : silence.fingerprint),
        `${JSON.stringify(silence)}\n`,
      ),
    unmute: (suite: string, check: string): Promise<void> => rm(pathOf(suite, 'muted', check), { force: true }),
  };
}

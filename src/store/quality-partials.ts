/** What is known of the files of checked tables, in a folder: one file per table. Whoever removes it loses nothing but time. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../files/durable-file.ts';
import type { Partials } from '../quality/increments.ts';

export function createQualityPartials(folder: string) {
  const pathOf = (table: string): string =>
    join(folder, `${createHash('sha256').update(table).digest('hex').slice(0, 32)}.json`);
  return {
    /** What cannot be read is not known. */
    async read(table: string): Promise<Partials | undefined> {
      try {
        const partials = JSON.parse(await readFile(pathOf(table), 'utf8')) as Partials;
        return partials.schema === 'dpa.quality-partials/1' ? partials : undefined;
      } catch {
        return undefined;
      }
    },
    /** A full disk is said by what must be kept. */
    async write(table: string, partials: Partials): Promise<void> {
      await writeDurably(pathOf(table), `${JSON.stringify(partials)}\n`).catch(() => undefined);
    },
  };
}

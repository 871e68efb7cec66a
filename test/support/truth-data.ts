/** Where the public data sets with known errors are: beside the project, or where DPA_TRUTH_DATA says. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const besideProject = fileURLToPath(new URL('../../../shared/data', import.meta.url));

export type TruthSet = { readonly name: string; readonly dirty: string; readonly clean: string };

/** Those that are there. */
export function truthSets(): TruthSet[] {
  const folder = process.env['DPA_TRUTH_DATA'] ?? besideProject;
  return ['beers', 'hospital']
    .map((name) => ({ name, dirty: join(folder, name, 'dirty.csv'), clean: join(folder, name, 'clean.csv') }))
    .filter(({ dirty, clean }) => existsSync(dirty) && existsSync(clean));
}

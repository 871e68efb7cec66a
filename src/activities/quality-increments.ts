/** What a table's evaluation needs to leave out files that did not change since they were read last. */
import { createHash } from 'node:crypto';
import type { QualitySource } from '../quality/ask.ts';
import type { Increments, Partials } from '../quality/increments.ts';
import type { TableContext } from '../quality/table-context.ts';

/** Digits of a hash that tells statements of one table apart. */
const hashDigits = 24;

/** Undefined for a source that does not tell its files. */
export async function incrementsFor(
  source: QualitySource,
  { dataset, columns, dialect }: TableContext,
  known: Partials | undefined,
): Promise<Increments | undefined> {
  const files = await source.files(dataset);
  if (files === undefined) return undefined;
  const sets = new Map<string, Promise<string | undefined>>();
  return {
    files,
    known,
    basis: hash(JSON.stringify([dialect.name, columns])),
    hash,
    setOf(name) {
      const set = sets.get(name) ?? setOf(name);
      sets.set(name, set);
      return set;
    },
  };

  async function setOf(name: string): Promise<string | undefined> {
    const own = name === dataset ? files : await source.files(name);
    return own === undefined ? undefined : hash(own.map(({ path, identity }) => `${path} ${identity}`).join('\n'));
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, hashDigits);
}

/** What the tools of each source failed with lately: one small file per tool server, kept between analyses. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lessonsOf, withSourceFailure, type SourceFailure } from '../analysis/lessons.ts';
import { writeStoreFile } from './store-file.ts';

export type SourceFailures = {
  /** Without secrets. Never rejects: an analysis does not end because something could not be remembered. */
  remember(server: string, failure: Omit<SourceFailure, 'times' | 'lastMs'>): Promise<void>;
  /** Lines for the model, none for servers that never failed. */
  lessons(servers: readonly string[]): Promise<readonly string[]>;
};

export function createSourceFailures(folder: string, now: () => number = Date.now): SourceFailures {
  const pathOf = (server: string) => join(folder, `${encodeURIComponent(server)}.json`);
  // One after the other, so that none is lost between reading and writing.
  let last: Promise<void> = Promise.resolve();

  async function add(server: string, failure: Omit<SourceFailure, 'times' | 'lastMs'>): Promise<void> {
    const failures = withSourceFailure(await read(pathOf(server)), { ...failure, lastMs: now() });
    await writeStoreFile(pathOf(server), JSON.stringify({ v: 1, failures }));
  }

  return {
    remember: (server, failure) => (last = last.then(() => add(server, failure)).catch(() => undefined)),
    lessons: async (servers) => lessonsOf(await Promise.all(servers.map((one) => read(pathOf(one)))), now()),
  };
}

/** A damaged file counts as none: it is written anew with the next failure. */
async function read(path: string): Promise<readonly SourceFailure[]> {
  try {
    const { v, failures } = JSON.parse(await readFile(path, 'utf8')) as { v: unknown; failures: unknown };
    return v === 1 && Array.isArray(failures) ? failures.filter(isFailure) : [];
  } catch {
    return [];
  }
}

function isFailure(one: unknown): one is SourceFailure {
  const { tool, class: kind, message, remedy = '', times, lastMs } = Object(one) as Record<string, unknown>;
  const words = [tool, kind, message, remedy].every((word) => typeof word === 'string');
  return words && typeof times === 'number' && typeof lastMs === 'number';
}

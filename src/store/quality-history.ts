/** The history of quality runs in a folder: one file per suite and data interval, so that a re-run replaces its own. */
import { readFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistoryPoint } from '../quality/points.ts';
import { writeStoreFile } from './store-file.ts';

export type QualityHistoryFolder = {
  before(suite: string, interval: string): Promise<ReadPoints>;
  /** All of them, oldest first. */
  all(suite: string): Promise<ReadPoints>;
  /** Names of the suites there are points of. */
  suites(): Promise<readonly string[]>;
  write(point: HistoryPoint): Promise<void>;
};

type ReadPoints = { readonly points: readonly HistoryPoint[]; readonly problems: readonly string[] };

/** Nights looked back at: a quarter, for seasons by weekday and incidents that last. */
const maxPoints = 100;

const ending = '.json';

export function createQualityHistory(folder: string): QualityHistoryFolder {
  const folderOf = (suite: string) => join(folder, encodeURIComponent(suite));

  async function read(suite: string, wanted: (interval: string) => boolean): Promise<ReadPoints> {
    const names = await readdir(folderOf(suite)).catch((): string[] => []);
    const intervals = names
      .filter((name) => name.endsWith(ending))
      .map((name) => decodeURIComponent(name.slice(0, -ending.length)))
      .filter(wanted)
      .sort()
      .slice(-maxPoints);
    const points: HistoryPoint[] = [];
    const problems: string[] = [];
    for (const interval of intervals) {
      const point = await readPoint(join(folderOf(suite), `${encodeURIComponent(interval)}${ending}`), interval);
      if (typeof point === 'string') problems.push(point);
      else points.push(point);
    }
    return { points, problems };
  }

  return {
    before: (suite, interval) => read(suite, (at) => at < interval),
    all: (suite) => read(suite, () => true),
    async suites() {
      const names = await readdir(folder).catch((): string[] => []);
      return names.map(decodeURIComponent).sort();
    },
    write: (point) =>
      writeStoreFile(
        join(folderOf(point.suite), `${encodeURIComponent(point.interval)}${ending}`),
        `${JSON.stringify(point)}\n`,
      ),
  };
}

/** A file that cannot be read as a point is kept beside under another name and told, in a sentence; the run goes on without it. */
async function readPoint(path: string, interval: string): Promise<HistoryPoint | string> {
  try {
    const point: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isPoint(point) && point.interval === interval) return point;
    throw new Error('it is not a point of this interval');
  } catch (error) {
    const aside = `${path}.unreadable`;
    await rename(path, aside).catch(() => undefined);
    const found = error instanceof Error ? error.message : String(error);
    return `Expected the history of ${interval} in ${path}, found: ${found.slice(0, 200)}. It is kept as ${aside}; what it held is no part of any baseline.`;
  }
}

function isPoint(value: unknown): value is HistoryPoint {
  if (typeof value !== 'object' || value === null) return false;
  const { schema, checks, columns } = value as Partial<HistoryPoint>;
  return schema === 'dpa.quality-point/1' && typeof checks === 'object' && typeof columns === 'object';
}

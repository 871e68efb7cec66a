/** The history of quality runs in a folder: one file per suite and data interval, so that a re-run replaces its own. */
import { readFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistoryPoint } from '../quality/points.ts';
import { writeStoreFile } from './store-file.ts';

export type QualityHistoryFolder = {
  before(suite: string, interval: string): Promise<ReadPoints>;
  /** All of them, oldest first. */
  all(suite: string): Promise<ReadPoints>;
  /** The point of a run, of whichever suite. */
  ofRun(id: string): Promise<HistoryPoint | undefined>;
  /** Names of the suites there are points of. */
  suites(): Promise<readonly string[]>;
  write(point: HistoryPoint): Promise<void>;
};

type ReadPoints = { readonly points: readonly HistoryPoint[]; readonly problems: readonly string[] };

/** Days looked back at, of those there are points of: a quarter, for seasons by weekday and incidents that last. */
const maxDays = 100;

/** Points of these days at most: one an hour. */
const maxPoints = 2_400;

const ending = '.json';

export function createQualityHistory(folder: string): QualityHistoryFolder {
  const folderOf = (suite: string) => join(folder, encodeURIComponent(suite));

  async function read(suite: string, wanted: (interval: string) => boolean): Promise<ReadPoints> {
    const names = await readdir(folderOf(suite)).catch((): string[] => []);
    const intervals = latest(
      names
        .filter((name) => name.endsWith(ending))
        .flatMap((name) => decoded(name.slice(0, -ending.length)))
        .filter(wanted)
        .sort(),
    );
    const points: HistoryPoint[] = [];
    const problems: string[] = [];
    for (const interval of intervals) {
      const point = await readPoint(join(folderOf(suite), `${encodeURIComponent(interval)}${ending}`), interval);
      if (typeof point === 'string') problems.push(point);
      else points.push(point);
    }
    return { points, problems };
  }

  const suites = async (): Promise<readonly string[]> => {
    const names = await readdir(folder).catch((): string[] => []);
    return names.flatMap(decoded).sort();
  };

  return {
    before: (suite, interval) => read(suite, (at) => at < interval),
    all: (suite) => read(suite, () => true),
    async ofRun(id) {
      for (const suite of await suites()) {
        const found = (await read(suite, () => true)).points.findLast((point) => point.id === id);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    suites,
    write: (point) =>
      writeStoreFile(
        join(folderOf(point.suite), `${encodeURIComponent(point.interval)}${ending}`),
        `${JSON.stringify(point)}\n`,
      ),
  };
}

/** Empty for a name that was not written by this program. */
function decoded(name: string): readonly string[] {
  try {
    return [decodeURIComponent(name)];
  } catch {
    return [];
  }
}

function latest(intervals: readonly string[]): readonly string[] {
  const dayOf = (interval: string): string => interval.slice(0, 'yyyy-mm-dd'.length);
  const [first] = [...new Set(intervals.map(dayOf))].slice(-maxDays);
  return intervals.filter((interval) => first !== undefined && dayOf(interval) >= first).slice(-maxPoints);
}

/**
 * A file that holds no point is kept beside under another name and told, in a sentence; the run goes on without it. A machine
 * that cannot open files at the moment is no fault of the file: that rejects, and is tried again.
 */
async function readPoint(path: string, interval: string): Promise<HistoryPoint | string> {
  try {
    const point: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isPoint(point) && point.interval === interval) return point;
    throw new Error('it is not a point of this interval');
  } catch (error) {
    if (passing.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    const aside = `${path}.unreadable`;
    await rename(path, aside).catch(() => undefined);
    const found = error instanceof Error ? error.message : String(error);
    return `Expected the history of ${interval} in ${path}, found: ${found.slice(0, 200)}. It is kept as ${aside}; what it held is no part of any baseline.`;
  }
}

/** What may be over in a moment. */
const passing = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'EIO']);

function isPoint(value: unknown): value is HistoryPoint {
  if (!isObject(value)) return false;
  const { schema, checks, columns } = value;
  if (schema !== 'dpa.quality-point/2' || !isObject(checks) || !isObject(columns)) return false;
  return (
    Object.values(checks).every((check) => isObject(check) && texts.every((name) => typeof check[name] === 'string')) &&
    Object.values(columns).every(Array.isArray)
  );
}

/** What is read of every point, whatever else it has. */
const texts = ['definitionHash', 'name', 'table', 'severity', 'verdict', 'reason'];

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The lake: the datasets as they are on disk now, with an engine that is locked to exactly these files. */
import { discover } from './discovery.ts';
import type { Dataset, Discovery } from './discovery.ts';
import { openEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { unknownName, unreadableDataset } from './errors.ts';
import { limits } from './limits.ts';
import { prepare } from './prepare.ts';
import type { PreparedDataset } from './prepare.ts';

export type Snapshot = {
  readonly engine: Engine;
  readonly names: readonly string[];
  readonly notes: readonly string[];
  /** Prepared on first use; the answer of one name is the same for all callers. */
  readonly prepared: (name: string) => Promise<PreparedDataset>;
  readonly allPrepared: () => Promise<readonly PreparedDataset[]>;
  /** Like `prepared`, but throws ToolError when the dataset does not exist or cannot be read. */
  readonly readable: (name: string) => Promise<PreparedDataset>;
};

export type Lake = {
  /** Lends the present snapshot; one whose files changed is replaced first and closed after its last user. */
  readonly use: <T>(work: (snapshot: Snapshot) => Promise<T>) => Promise<T>;
  readonly close: () => void;
};

type Held = { readonly snapshot: Snapshot; readonly signature: string; users: number; isRetired: boolean };

/** `paths` are files, folders and globs. Cheap: nothing is read before the first use. */
export function createLake(paths: readonly string[]): Lake {
  let current: Promise<Held> | undefined;

  const acquire = async (): Promise<Held> => {
    const discovery = discover(paths);
    const signature = JSON.stringify(discovery);
    const before = await current?.catch(() => undefined);
    if (before?.signature === signature && !before.isRetired) return before;
    if (before) retire(before);
    current = openSnapshot(discovery).then((snapshot) => ({ snapshot, signature, users: 0, isRetired: false }));
    return current;
  };

  return {
    use: async (work) => {
      const held = await acquire();
      held.users++;
      try {
        return await work(held.snapshot);
      } finally {
        held.users--;
        if (held.isRetired && held.users === 0) held.snapshot.engine.close();
      }
    },
    close: () => {
      void current?.then(retire, () => undefined);
      current = undefined;
    },
  };
}

function retire(held: Held): void {
  if (held.isRetired) return;
  held.isRetired = true;
  if (held.users === 0) held.snapshot.engine.close();
}

async function openSnapshot({ datasets, notes }: Discovery): Promise<Snapshot> {
  const files = datasets.filter(({ problem }) => problem === null).flatMap((dataset) => dataset.files);
  const engine = await openEngine(files.map((file) => file.path));
  const known = new Map(datasets.map((dataset) => [dataset.name.toLowerCase(), dataset]));
  const names = datasets.map(({ name }) => name);
  const started = new Map<Dataset, Promise<PreparedDataset>>();

  const prepared = (name: string) => {
    const dataset = known.get(name.toLowerCase());
    if (!dataset) return Promise.reject(unknownName('dataset', name, names));
    const promise = started.get(dataset) ?? prepare(engine, dataset);
    started.set(dataset, promise);
    return promise;
  };
  return {
    engine,
    names,
    notes,
    prepared,
    allPrepared: () => inTurns(names, prepared),
    readable: async (name) => {
      const dataset = await prepared(name);
      if (dataset.problem !== null) throw unreadableDataset(dataset.name, dataset.problem);
      return dataset;
    },
  };
}

/** A few at a time: each one reads whole files on all cores already. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: limits.prepareConcurrency }, worker));
  return results;
}

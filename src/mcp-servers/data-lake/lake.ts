/** The lake: the datasets as they are on disk now, with an engine that is locked to exactly these files. */
import { discover } from './discovery.ts';
import type { Dataset } from './discovery.ts';
import { openEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { unknownName, unreadableDataset } from './errors.ts';
import { limits } from './limits.ts';
import { prepare } from './prepare.ts';
import type { PreparedDataset } from './prepare.ts';

export type Snapshot = {
  readonly engine: Engine;
  readonly names: readonly string[];
  /** Prepared on first use, readable or not. */
  readonly allPrepared: () => Promise<readonly PreparedDataset[]>;
  /** Throws ToolError when the dataset does not exist or cannot be read. */
  readonly readable: (name: string) => Promise<PreparedDataset>;
};

export type Lake = {
  /** Lends the present snapshot; one whose files changed is replaced first and closed after its last user. */
  readonly use: <T>(work: (snapshot: Snapshot) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
};

type Held = { readonly snapshot: Snapshot; users: number; isRetired: boolean };

/** `paths` are files, folders and globs. Cheap: nothing is read before the first use. */
export function createLake(paths: readonly string[]): Lake {
  let current: { readonly signature: string; readonly held: Promise<Held> } | undefined;

  // Not async: between the comparison and the replacement no other call may come.
  const acquire = (): Promise<Held> => {
    const datasets = discover(paths);
    const signature = JSON.stringify(datasets);
    if (current?.signature === signature) return current.held;
    void current?.held.then(retire, () => undefined);
    const held = openSnapshot(datasets).then((snapshot) => ({ snapshot, users: 0, isRetired: false }));
    const opened = { signature, held };
    current = opened;
    held.catch(() => {
      if (current === opened) current = undefined;
    });
    return held;
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
    close: async () => {
      const last = current;
      current = undefined;
      await last?.held.then(retire, () => undefined);
    },
  };
}

function retire(held: Held): void {
  held.isRetired = true;
  if (held.users === 0) held.snapshot.engine.close();
}

async function openSnapshot(datasets: readonly Dataset[]): Promise<Snapshot> {
  const files = datasets.filter(({ problem }) => problem === null).flatMap((dataset) => dataset.files);
  const engine = await openEngine(files.map((file) => file.path));
  const known = new Map(datasets.map((dataset) => [dataset.name.toLowerCase(), dataset]));
  const names = datasets.map(({ name }) => name);
  const started = new Map<Dataset, Promise<PreparedDataset>>();

  const prepared = (dataset: Dataset): Promise<PreparedDataset> => {
    const promise = started.get(dataset) ?? prepare(engine, dataset);
    started.set(dataset, promise);
    return promise;
  };
  return {
    engine,
    names,
    allPrepared: () => inTurns(datasets, prepared),
    readable: async (name) => {
      const dataset = known.get(name.toLowerCase());
      if (!dataset) throw unknownName('dataset', name, names);
      const { problem, ...rest } = await prepared(dataset);
      if (problem !== null) throw unreadableDataset(dataset.name, problem);
      return { ...rest, problem };
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

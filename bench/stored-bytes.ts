/** Row 5: what an analysis leaves in the store, against the bytes of its conversation. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openAnalysisWorker } from '../test/support/analysis-worker.ts';
import { openTestService } from '../test/support/temporal-service.ts';
import { analysisId, rawBytes } from './conversation.ts';
import { atMost, type Measure } from './measure.ts';
import { openTemporaryFolder } from './temporary-folder.ts';
import { createBenchWorld } from './world.ts';

const turns = 100;

export const storedBytes: Measure = {
  name: 'stored-bytes',
  about: 'bytes of blobs, journal and session file, against the raw conversation',
  async run() {
    await using service = await openTestService();
    await using worker = await openAnalysisWorker(service.address);
    await using folder = await openTemporaryFolder();
    const world = createBenchWorld(folder.path, turns);
    await worker.run(analysisId('stored'), world, { maxSteps: turns + 1, searchAttributes: false });
    const parts = { blobs: 0, journal: 0, sessions: 0 };
    for (const { path, bytes } of await filesUnder(folder.path)) {
      if (path.startsWith(join(folder.path, 'store', 'journal'))) parts.journal += bytes;
      else if (path.startsWith(join(folder.path, 'store'))) parts.blobs += bytes;
      else if (path.startsWith(join(folder.path, 'sessions'))) parts.sessions += bytes;
    }
    const [raw, stored] = [rawBytes(turns), parts.blobs + parts.journal + parts.sessions];
    return [
      {
        metric: '5 stored, 100 turns',
        unit: 'bytes',
        baseline: raw,
        against: 'the conversation as JSON',
        ours: stored,
        ratio: stored / raw,
        target: atMost(1.5, 1.2),
        note: `blobs ${parts.blobs}, journal ${parts.journal}, session file ${parts.sessions}.`,
      },
    ];
  },
};

async function filesUnder(folder: string): Promise<{ path: string; bytes: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(path)).size })));
}

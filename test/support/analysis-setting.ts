/** What the tests of whole analyses share: a Temporal service, a worker with the real workflow code, and a folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAnalysisWorker, type AnalysisWorker } from './analysis-worker.ts';
import { openTestService, type TestService } from './temporal-service.ts';

export type AnalysisSetting = {
  readonly service: TestService;
  readonly worker: AnalysisWorker;
  readonly folder: string;
  close(): Promise<void>;
};

/** A new machine may have to fetch the Temporal program first. */
export const firstStartMs = 600_000;

/** For `beforeAll`, with `firstStartMs`; must be closed in `afterAll`. */
export async function openAnalysisSetting(): Promise<AnalysisSetting> {
  const folder = await mkdtemp(join(tmpdir(), 'dpa-analyses-'));
  const service = await openTestService();
  const worker = await openAnalysisWorker(service.address);
  return {
    service,
    worker,
    folder,
    async close() {
      await worker[Symbol.asyncDispose]();
      await service.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

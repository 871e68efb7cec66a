/** A real Temporal service for a test: its own process, ports and file, gone with the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.ts';
import { acquireTemporal } from '../../src/temporal/acquire.ts';
import { openTemporalService, type TemporalService } from '../../src/temporal/service.ts';

export type TestService = TemporalService & { readonly folder: string };

/** For `beforeAll`; must be disposed in `afterAll`. `folder` is removed with it. */
export async function openTestService(): Promise<TestService> {
  const { searchPath } = loadConfig();
  const folder = await mkdtemp(join(tmpdir(), 'dpa-temporal-'));
  const service = await openTemporalService({
    program: await temporalProgram(),
    dbFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    namespace: 'default',
    searchPath,
  });
  const dispose = async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...service, folder, close: dispose, [Symbol.asyncDispose]: dispose };
}

/** Found as the program itself finds it; on a new machine this may build it first. */
export async function temporalProgram(): Promise<string> {
  const { temporalCli, searchPath, cacheFolder, environment } = loadConfig();
  const { signal } = new AbortController();
  const onProgress = (text: string) => console.warn(text);
  return acquireTemporal({ temporalCli, searchPath, cacheFolder, environment, signal, onProgress });
}

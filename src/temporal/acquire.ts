/** Finds the Temporal program. */
import { findProgram, isExecutable } from '../processes/find-program.ts';
import { join } from 'node:path';
export type AcquireOptions = { temporalCli: string|undefined; searchPath: string; cacheFolder: string; onProgress: (text: string) => void; signal: AbortSignal };
export async function acquireTemporal(o: AcquireOptions): Promise<string> {
  const cached = join(o.cacheFolder, 'bin', 'temporal');
  const found = o.temporalCli ?? findProgram('temporal', o.searchPath) ?? (isExecutable(cached) ? cached : undefined);
  if (!found) throw new Error('no temporal program');
  return found;
}

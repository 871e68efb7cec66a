/** Finds the Temporal program, or downloads or builds it, saying what is going on. */
import { CommandError } from '../src/command-error.ts';
import { loadConfig } from '../src/config.ts';
import { acquireTemporal } from '../src/temporal/acquire.ts';

try {
  const { temporal, ...config } = loadConfig();
  const onProgress = (text: string) => void process.stderr.write(`${text}\n`);
  const signal = new AbortController().signal;
  if (temporal.kind === 'local') await acquireTemporal({ ...config, onProgress, signal });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof CommandError ? error.exitCode : 1;
}

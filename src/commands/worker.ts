/** `dpa worker`: a worker against a Temporal cluster, until it is told to stop. */
import type { Config } from '../config.ts';
import { CommandError, exitCode } from '../command-error.ts';
import type { Terminal } from '../ui/terminal.ts';
import { openWorker } from '../worker.ts';

export async function worker(config: Config, terminal: Terminal): Promise<number> {
  if (config.temporal.kind === 'local') {
    throw new CommandError(
      'Expected the address of a Temporal cluster (TEMPORAL_ADDRESS or a profile), found none. Without a cluster the local host has its own worker: `dpa up`.',
      exitCode.usage,
    );
  }
  const { address } = config.temporal;
  const opened = await openWorker(config, { onProgress: (text) => terminal.progress(text) }).catch((cause: unknown) => {
    throw new CommandError(
      `Expected a Temporal service at ${address}, found: ${cause instanceof Error ? cause.message : String(cause)}. Check the address and that it is up.`,
      exitCode.unreachable,
      { cause },
    );
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => opened.shutdown());
  terminal.progress(`worker on ${address}, task queue data-processing-assistant; Ctrl+C stops it`);
  await opened.run();
  return 0;
}

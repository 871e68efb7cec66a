/** The local host: one background process per DPA_HOME that owns the Temporal service and a worker. */
import { loadConfig } from './config.ts';
import { runLocalHost } from './temporal/local-host.ts';
import { hostExit } from './temporal/host-endpoint.ts';

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
// It outlives the terminal from which it was started.
process.on('SIGHUP', () => undefined);

const end = await runLocalHost(loadConfig(), {
  loadWorker: async () => (await import('./worker.ts')).openWorker,
  signal: stop.signal,
});
if (end.kind === 'failed') console.error(new Date().toISOString(), end.error);
// Not by emptying the event loop: an activity that does not hear its cancellation would hold the process.
process.exit(hostExit[end.kind]);

/** The local host with a worker that does nothing: for tests of the host's own life. */
import { loadConfig } from '../../../src/config.ts';
import { hostExit } from '../../../src/temporal/host-endpoint.ts';
import { runLocalHost } from '../../../src/temporal/local-host.ts';

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const end = await runLocalHost(loadConfig(), {
  signal: stop.signal,
  loadWorker: async () => async () => {
    const over = Promise.withResolvers<void>();
    return { run: () => over.promise, shutdown: () => over.resolve() };
  },
});
process.exit(hostExit[end.kind]);

/** The local host with the ledger model instead of the configured ones; all else is the real program. */
import { loadConfig } from '../../../src/config.ts';
import { hostExit } from '../../../src/temporal/host-endpoint.ts';
import { runLocalHost } from '../../../src/temporal/local-host.ts';
import { openLedgerWorker } from './ledger-worker.ts';

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
const end = await runLocalHost(loadConfig(), { loadWorker: async () => openLedgerWorker, signal: stop.signal });
if (end.kind === 'failed') console.error(new Date().toISOString(), end.error);
process.exit(hostExit[end.kind]);

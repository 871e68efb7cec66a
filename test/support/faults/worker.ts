/** A worker of its own against the service at TEMPORAL_ADDRESS; says `ready` when it polls. */
import { loadConfig } from '../../../src/config.ts';
import { openLedgerWorker } from './ledger-worker.ts';

const worker = await openLedgerWorker(loadConfig(), {});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => worker.shutdown());
const running = worker.run();
process.stdout.write('ready\n');
await running;
process.exit(0);

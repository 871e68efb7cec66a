/** The worker as it is, with its own models, against the service at TEMPORAL_ADDRESS; says `ready` when it polls. */
import { loadConfig } from '../../../src/config.ts';
import { openWorker } from '../../../src/worker.ts';

const worker = await openWorker(loadConfig());
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => worker.shutdown());
const running = worker.run();
process.stdout.write('ready\n');
await running;
process.exit(0);

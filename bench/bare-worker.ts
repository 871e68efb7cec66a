/** A bare Temporal worker as a program: the baseline of a worker's start. Arguments: address, path of a bundle. */
import { NativeConnection, Worker } from '@temporalio/worker';

const [address = '', codePath = ''] = process.argv.slice(2);
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue: 'bare',
  workflowBundle: { codePath },
  activities: { nothing: async () => undefined },
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => worker.shutdown());
const running = worker.run();
console.log('polling');
await running;
await connection.close();

/** A worker for quality runs whose activities are scripted: ten tables, each checked by what the test gives. */
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { FinishQualityRunInput, QualityActivities } from '../../src/activities/quality-contract.ts';
import { loadConfig } from '../../src/config.ts';
import { workflowBundle } from '../../src/temporal/workflow-bundle.ts';
import type { QualityRunInput, QualityRunWorkflow } from '../../src/workflows/quality-messages.ts';

export const counts = { passed: 1, warning: 0, failed: 0, error: 0, skipped: 0, learning: 0 };
export const keys = Array.from({ length: 10 }, (_, index) => ({ contract: 'c', table: `t${index}` }));
export const input: QualityRunInput = {
  suite: 'ref',
  suiteName: 'suite',
  data: [],
  aliases: {},
  interval: { name: '2024-01-01', endMs: 0 },
  tablesAtOnce: 3,
  warningsAsErrors: false,
  alert: false,
  formats: [],
  searchAttributes: true,
};

/** One worker whose tables are checked by `checkTable`; collects what the last activity was given. */
export async function openQualityWorld(
  address: string,
  checkTable: QualityActivities['checkTable'],
  taskQueue: string,
) {
  const finished: FinishQualityRunInput[] = [];
  const connection = await NativeConnection.connect({ address });
  const activities: QualityActivities = {
    readSuite: () => Promise.reject(new Error('expected a suite that is read already')),
    openQualityRun: async () => ({
      suiteName: 'suite',
      interval: { name: '2024-01-01', endMs: 0 },
      tables: keys,
      plan: 'plan',
    }),
    checkTable,
    finishQualityRun: async (given) => {
      finished.push(given);
      return {
        exitCode: given.stopped === undefined ? 0 : 5,
        headline: 'done',
        counts,
        document: 'ref',
        files: [],
        datasets: [],
      };
    },
  };
  const worker = await Worker.create({
    identity: 'test',
    connection,
    taskQueue,
    workflowBundle: await workflowBundle(loadConfig().cacheFolder),
    activities,
    maxHeartbeatThrottleInterval: '100ms',
    defaultHeartbeatThrottleInterval: '100ms',
    shutdownGraceTime: 0,
  });
  const running = worker.run();
  const client = new Client({ connection, identity: 'test' });
  const start = () =>
    client.workflow.start<QualityRunWorkflow>('qualityRunWorkflow', {
      taskQueue,
      workflowId: taskQueue,
      args: [input],
    });
  return {
    finished,
    client,
    start,
    async [Symbol.asyncDispose]() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

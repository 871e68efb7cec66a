/** A bare Temporal worker with the baseline workflows: what a step costs before anything of ours is in it. */
import { Client } from '@temporalio/client';
import { NativeConnection, Worker, bundleWorkflowCode } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { replyOfTurn, resultOfCall } from './conversation.ts';
import type { naiveWorkflow, NaiveActivities } from './naive-workflow.ts';
import type { noopWorkflow, NoopActivities } from './noop-workflow.ts';

export type BaselineWorker = {
  readonly client: Client;
  /** When each activity of the no-op workflow ran, in milliseconds of `performance.now`. */
  runNoop(id: string, steps: number): Promise<readonly number[]>;
  /** Resolves also when the service has ended the workflow for its size: then `turns` says how far it came. */
  runNaive(id: string, turns: number): Promise<{ readonly turns: number; readonly ended: boolean }>;
  [Symbol.asyncDispose](): Promise<void>;
};

const taskQueue = 'baseline';

const nothing = (): undefined => undefined;
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Bundled once per run of the benchmarks. */
let bundled: ReturnType<typeof bundleWorkflowCode> | undefined;

export async function openBaselineWorker(address: string): Promise<BaselineWorker> {
  bundled ??= bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('baseline-workflows.ts', import.meta.url)),
    logger: silent,
  });
  const workflowBundle = await bundled;
  const connection = await NativeConnection.connect({ address });
  let moments: number[] = [];
  let naiveTurns = 0;
  let wantedTurns = 0;
  const activities: NoopActivities & NaiveActivities = {
    async step() {
      moments.push(performance.now());
    },
    async completeNaively({ turn }) {
      naiveTurns = turn;
      return replyOfTurn(turn, wantedTurns).message;
    },
    callNaively: async () => resultOfCall().text,
  };
  const worker = await Worker.create({ connection, taskQueue, workflowBundle, activities, shutdownGraceTime: 0 });
  const running = worker.run();
  const client = new Client({ connection });
  return {
    client,
    async runNoop(id, count) {
      moments = [];
      await client.workflow.execute<typeof noopWorkflow>('noopWorkflow', { taskQueue, workflowId: id, args: [count] });
      return moments;
    },
    async runNaive(id, turns) {
      wantedTurns = turns;
      const handle = await client.workflow.start<typeof naiveWorkflow>('naiveWorkflow', {
        taskQueue,
        workflowId: id,
        args: [],
      });
      const ended = await handle.result().then(
        () => true,
        () => false,
      );
      return { turns: naiveTurns, ended };
    },
    async [Symbol.asyncDispose]() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

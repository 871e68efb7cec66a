/** A worker with the real workflow code, whose activities act in the world that the test made for each analysis. */
import { Client, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, makeTelemetryFilterString } from '@temporalio/worker';
import type { Activities } from '../../src/activities/contract.ts';
import { loadConfig } from '../../src/config.ts';
import { workflowBundle } from '../../src/temporal/workflow-bundle.ts';
import type { AnalysisInput, AnalysisOutcome, AnalysisWorkflow } from '../../src/workflows/messages.ts';
import { stickyQueueScheduleToStartTimeout } from '../../src/workflows/activity-options.ts';

type World = { readonly activities: Activities };

export type AnalysisWorker = {
  readonly client: Client;
  start(id: string, world: World, input?: Partial<AnalysisInput>): Promise<WorkflowHandle<AnalysisWorkflow>>;
  run(id: string, world: World, input?: Partial<AnalysisInput>): Promise<AnalysisOutcome>;
  [Symbol.asyncDispose](): Promise<void>;
};

const taskQueue = 'analysis-tests';

export async function openAnalysisWorker(address: string): Promise<AnalysisWorker> {
  quietTemporal();
  const worlds = new Map<string, World>();
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: await workflowBundle(loadConfig().cacheFolder),
    activities: bySession(worlds),
    // Histories that are kept must not carry the name of the machine.
    identity: 'worker',
    maxHeartbeatThrottleInterval: '100ms',
    defaultHeartbeatThrottleInterval: '100ms',
    stickyQueueScheduleToStartTimeout,
    shutdownGraceTime: 0,
  });
  const running = worker.run();
  const client = new Client({ connection, identity: 'client' });
  const start: AnalysisWorker['start'] = (id, world, input) => {
    worlds.set(id, world);
    const whole = {
      task: 'Count the sales',
      data: [],
      model: 'scripted',
      maxSteps: 20,
      searchAttributes: true,
      ...input,
    };
    return client.workflow.start<AnalysisWorkflow>('analysisWorkflow', { taskQueue, workflowId: id, args: [whole] });
  };
  return {
    client,
    start,
    run: async (id, world, input) => (await start(id, world, input)).result(),
    async [Symbol.asyncDispose]() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

/** One worker serves all analyses of a test file; the session in each input says whose activities are meant. */
function bySession(worlds: ReadonlyMap<string, World>): Activities {
  const of = ({ session }: { session: string }): Activities => worlds.get(session)!.activities;
  return {
    loadCatalog: (input) => of(input).loadCatalog(input),
    completeTurn: (input) => of(input).completeTurn(input),
    compact: (input) => of(input).compact(input),
    editCall: (input) => of(input).editCall(input),
    estimatePlan: (input) => of(input).estimatePlan(input),
    tellPeople: (input) => of(input).tellPeople(input),
    callTool: (input) => of(input).callTool(input),
    writeReport: (input) => of(input).writeReport(input),
  };
}

let isQuiet = false;

/** Only errors are logged; must come before anything else of Temporal is opened. */
export function quietTemporal(): void {
  const logging = { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} };
  if (!isQuiet) Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging } });
  isQuiet = true;
}

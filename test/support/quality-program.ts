/** The program's own worker for quality runs in this process, with its tool server, folders and a service of its own. */
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandleWithSignaledRunId } from '@temporalio/client';
import { loadConfig, type Config } from '../../src/config.ts';
import { contractIn } from '../../src/contracts/read-contract.ts';
import type { RunDocument, Suite } from '../../src/quality/run.ts';
import { createFolderStore } from '../../src/store/folder.ts';
import { openWorker } from '../../src/worker.ts';
import { pauseSignal, taskQueue } from '../../src/workflows/messages.ts';
import type { QualityRunInput, QualityRunOutcome, QualityRunWorkflow } from '../../src/workflows/quality-messages.ts';
import { quietTemporal } from './analysis-worker.ts';
import { openTestService } from './temporal-service.ts';

export type QualityProgram = AsyncDisposable & {
  /** Data and reports are here, history and store in `config.home`. */
  readonly folder: string;
  readonly config: Config;
  /** One night of the suite `shop`. */
  night(day: string, given: Given): Promise<QualityRunOutcome>;
  /** The same, held back before its first table. */
  heldNight(day: string, given: Given): Promise<WorkflowHandleWithSignaledRunId<QualityRunWorkflow>>;
  documentOf(outcome: QualityRunOutcome): Promise<RunDocument>;
};

/** A contract as YAML, and the paths of its data. */
type Given = { readonly contract: string; readonly data: readonly string[]; readonly alert?: boolean };

const dayMs = 86_400_000;

export async function openQualityProgram(environment: Readonly<Record<string, string>> = {}): Promise<QualityProgram> {
  quietTemporal();
  const service = await openTestService();
  const home = join(service.folder, 'home');
  const config = loadConfig({ ...process.env, ...environment, DPA_HOME: home }, service.folder);
  const store = createFolderStore(config.storeFolder);
  const worker = await openWorker(config, { address: service.address });
  const running = worker.run();
  const connection = await Connection.connect({ address: service.address });
  const { workflow } = new Client({ connection });

  const optionsOf = async (day: string, { contract, data, alert = false }: Given) => {
    const read = contractIn(contract, 'contract.odcs.yaml');
    if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults));
    const suite: Suite = { name: 'shop', contracts: [read.contract] };
    const input: QualityRunInput = {
      suite: await store.put(JSON.stringify(suite)),
      suiteName: suite.name,
      data,
      aliases: {},
      interval: { name: day, endMs: Date.parse(`${day}T00:00:00Z`) + dayMs },
      tablesAtOnce: 1,
      warningsAsErrors: false,
      alert,
      formats: ['json'],
      searchAttributes: false,
    };
    return { taskQueue, workflowId: `nightly-shop-${day}`, args: [input] as [QualityRunInput] };
  };

  return {
    folder: service.folder,
    config,
    night: async (day, given) =>
      workflow.execute<QualityRunWorkflow>('qualityRunWorkflow', await optionsOf(day, given)),
    heldNight: async (day, given) =>
      workflow.signalWithStart<QualityRunWorkflow, [{ by?: string }?]>('qualityRunWorkflow', {
        ...(await optionsOf(day, given)),
        signal: pauseSignal,
        signalArgs: [{}],
      }),
    documentOf: async ({ document }) => JSON.parse(await store.get(document!)) as RunDocument,
    async [Symbol.asyncDispose]() {
      worker.shutdown();
      await running;
      await connection.close();
      await service.close();
    },
  };
}

/** A worker that asks strict fakes of the providers, over their real dialects: what measurements of models have in common. */
import { join } from 'node:path';
import { Client, type WorkflowHandle } from '@temporalio/client';
import { loadConfig } from '../src/config.ts';
import { openWorker } from '../src/worker.ts';
import { taskQueue, type AnalysisInput, type AnalysisWorkflow } from '../src/workflows/messages.ts';
import { openFakeAnthropic } from '../test/support/fake-anthropic.ts';
import type { FakeTurn } from '../test/support/fake-model-server.ts';
import { fakeKey, openFakeOpenAi, type FakeOpenAi } from '../test/support/fake-openai.ts';
import { scriptedConnections } from '../test/support/scripted-connections.ts';
import { openTestService } from '../test/support/temporal-service.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

export type ModelWorld = {
  readonly openAi: FakeOpenAi;
  readonly client: Client;
  /** When each request arrived, in milliseconds of `performance.now`, by the provider asked. */
  readonly arrived: Readonly<Record<'openAi' | 'anthropic', number[]>>;
  /** What OpenAI answers from now on. */
  answer(turn: FakeTurn): void;
  /** In an empty folder, with the files of `data` where given. */
  start(id: string, model?: string, data?: readonly string[]): Promise<WorkflowHandle<AnalysisWorkflow>>;
  readonly folder: string;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Closes what it opened. `connections`: `configured` are those of the program, with its file server. */
export async function openModelWorld(connections: 'scripted' | 'configured' = 'scripted'): Promise<ModelWorld> {
  const service = await openTestService();
  const folder = await openTemporaryFolder();
  const arrived = { openAi: [] as number[], anthropic: [] as number[] };
  let answering: FakeTurn = {};
  const openAi = await openFakeOpenAi(() => {
    arrived.openAi.push(performance.now());
    return answering;
  });
  const anthropic = await openFakeAnthropic({
    otherwise: () => {
      arrived.anthropic.push(performance.now());
      return { text: 'Done.' };
    },
  });
  const { environment } = loadConfig();
  const config = loadConfig(
    {
      PATH: environment['PATH'],
      HOME: environment['HOME'],
      XDG_CACHE_HOME: environment['XDG_CACHE_HOME'],
      DPA_HOME: join(folder.path, 'home'),
      OPENAI_API_KEY: fakeKey,
      // A name that does not say that it is this machine: servers there are given more time.
      OPENAI_BASE_URL: openAi.baseUrl.replace('127.0.0.1', '0.0.0.0'),
      ANTHROPIC_API_KEY: fakeKey,
      ANTHROPIC_BASE_URL: anthropic.origin,
    },
    folder.path,
  );
  const worker = await openWorker(config, {
    address: service.address,
    ...(connections === 'scripted' ? { connections: scriptedConnections({ answers: {} }) } : {}),
  });
  const running = worker.run();
  const client = new Client({ connection: service.connection });
  return {
    openAi,
    client,
    folder: folder.path,
    arrived,
    answer: (turn) => (answering = turn),
    start(id, model = 'openai/gpt-6.1-sol', data = []) {
      const input: AnalysisInput = { task: 'Say it', data, model, maxSteps: 20, searchAttributes: false };
      return client.workflow.start<AnalysisWorkflow>('analysisWorkflow', { workflowId: id, taskQueue, args: [input] });
    },
    async [Symbol.asyncDispose]() {
      worker.shutdown();
      await running;
      // One row has closed it already.
      await openAi.close().catch(() => undefined);
      await anthropic.close();
      await service.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

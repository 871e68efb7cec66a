/** Runs analyses in the real workflow, on a Temporal service of its own, with a scripted model and scripted tools. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import type { Limits } from '../analysis/budget.ts';
import { loadConfig, type Config } from '../config.ts';
import type { ResultDocument } from '../reports/json.ts';
import { acquireTemporal } from '../temporal/acquire.ts';
import { openTemporalService, type TemporalService } from '../temporal/service.ts';
import { openWorker } from '../worker.ts';
import { taskQueue, type AnalysisWorkflow } from '../workflows/messages.ts';
import type { ScriptedModel } from './scripted-model.ts';
import type { ScriptedTools } from './scripted-tools.ts';

export type TestRequest = {
  readonly task: string;
  /** Several: when one fails for good, the next one is asked. */
  readonly model: ScriptedModel | readonly [ScriptedModel, ...ScriptedModel[]];
  /** At least one: an analysis without tools is refused. */
  readonly tools: ScriptedTools;
  /** Model turns; 20 when nothing is said. */
  readonly maxSteps?: number;
  readonly budgetUsd?: Limits['usd'];
};

export type TestResult = {
  /** The result document, as `--json` prints it. */
  readonly document: ResultDocument;
  /** The report as Markdown. */
  readonly report: string;
};

export type TestAnalyst = {
  /**
   * Resolves when the analysis has ended and has used its script up. Rejects when the model or a tool was asked more
   * often than scripted, or when something of the script is left. One after the other, in the order of the calls.
   */
  run(request: TestRequest): Promise<TestResult>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

const defaultMaxSteps = 20;

/** Of the caller's environment: what finds programs and caches, and nothing that names a model, a key or a cluster. */
const keptVariables = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'DPA_TEMPORAL_CLI'];

/** Once for all tests of a file: it starts a Temporal service, which the first time has to be fetched. */
export async function openTestAnalyst(): Promise<TestAnalyst> {
  const folder = await mkdtemp(join(tmpdir(), 'dpa-testing-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const config = configIn(folder);
    const service = await openService(config, folder);
    let last: Promise<unknown> = Promise.resolve();
    let count = 0;
    const close = async () => {
      await last.catch(() => undefined);
      await service.close();
      await removeFolder();
    };
    return {
      run(request) {
        const id = `test-${(count += 1)}`;
        const result = last.then(() => runOne(id, request, config, service));
        last = result.catch(() => undefined);
        return result;
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

function configIn(folder: string): Config {
  const { environment } = loadConfig();
  return loadConfig(Object.fromEntries(keptVariables.map((name) => [name, environment[name]])), folder);
}

async function openService(config: Config, folder: string): Promise<TemporalService> {
  const { temporalCli, searchPath, cacheFolder, environment } = config;
  const onProgress = (text: string) => void process.stderr.write(`${text}\n`);
  const { signal } = new AbortController();
  return openTemporalService({
    program: await acquireTemporal({ temporalCli, searchPath, cacheFolder, environment, signal, onProgress }),
    dbFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    namespace: config.temporal.namespace,
    searchPath,
  });
}

async function runOne(id: string, request: TestRequest, config: Config, service: TemporalService): Promise<TestResult> {
  const models = Array.isArray(request.model)
    ? (request.model as readonly ScriptedModel[])
    : [request.model as ScriptedModel];
  const worker = await openWorker(config, {
    address: service.address,
    models: Object.fromEntries(models.map((model) => [model.profile.ref, model])),
    connections: request.tools,
  });
  const running = worker.run();
  try {
    const client = new Client({ connection: service.connection, namespace: config.temporal.namespace });
    const execution = client.workflow.execute<AnalysisWorkflow>('analysisWorkflow', {
      workflowId: id,
      taskQueue,
      args: [inputOf(request, models)],
    });
    // The script first: why the analysis failed is often that it was not followed.
    const [ended] = await Promise.allSettled([execution]);
    const problems = [...models, request.tools].flatMap((scripted) => scripted.problems());
    const cause = ended.status === 'rejected' ? { cause: ended.reason as unknown } : {};
    if (problems.length > 0) throw new Error(`The analysis did not follow its script. ${problems.join(' ')}`, cause);
    const outcome = await execution;
    return {
      document: JSON.parse(await readFile(outcome.report.json, 'utf8')) as ResultDocument,
      report: await readFile(outcome.report.markdown, 'utf8'),
    };
  } finally {
    worker.shutdown();
    await running;
  }
}

function inputOf({ task, maxSteps = defaultMaxSteps, budgetUsd }: TestRequest, models: readonly ScriptedModel[]) {
  return {
    task,
    data: [],
    model: models[0]?.profile.ref ?? '',
    maxSteps,
    // A test has nobody to ask.
    approvals: { unattended: true as const },
    limits: budgetUsd === undefined ? {} : { usd: budgetUsd },
    searchAttributes: true,
  };
}

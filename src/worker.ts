/** The worker's composition root: config → adapters → activities → Temporal worker. */
import { join } from 'node:path';
import { NativeConnection, Runtime, Worker, makeTelemetryFilterString, DefaultLogger } from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import { createQualityActivities } from './activities/quality.ts';
import { createTellWaiting } from './alerts/tell-waiting.ts';
import { createSendAlerts } from './alerts/send.ts';
import type { ActivityDependencies } from './activities/dependencies.ts';
import type { Config } from './config.ts';
import { createReadSuiteFiles } from './contracts/suite-files.ts';
import { readSettings } from './settings.ts';
import { endpointsFrom } from './llm/endpoints.ts';
import { createLineage } from './lineage/send.ts';
import { createLiveText } from './live/live-text.ts';
import { openLiveServer } from './live/server.ts';
import { createModelLookup, createModels, type Models, type ModelSource } from './llm/models.ts';
import { createReportDelivery } from './reports/deliver.ts';
import { createQualityDelivery } from './reports/quality/deliver.ts';
import { inlineResult } from './reports/quality/inline-result.ts';
import { createFolderStore } from './store/folder.ts';
import { createFolderJournal } from './store/journal.ts';
import { createQuarantineFiles } from './store/quarantine-files.ts';
import { createQualitySilences } from './store/quality-silences.ts';
import { createQualityPartials } from './store/quality-partials.ts';
import { createQualityHistory } from './store/quality-history.ts';
import { createSessionFiles } from './store/session-files.ts';
import { createSourceFailures } from './store/source-failures.ts';
import { createTranscript } from './store/transcript.ts';
import { workflowBundle } from './temporal/workflow-bundle.ts';
import { openConnections, type Connections } from './tools/connections.ts';
import { openQualitySource } from './tools/quality-source.ts';
import { readServerConfig } from './tools/server-config-file.ts';
import { stickyQueueScheduleToStartTimeout } from './workflows/activity-options.ts';
import { taskQueue } from './workflows/messages.ts';

export type OpenWorkerOptions = {
  /** Address of the local host's service; a cluster's comes from the config. */
  readonly address?: string;
  /** Instead of the configured models, for tests: a model that fails gives way to the next in this order. */
  readonly models?: Models;
  /** Instead of the configured tool servers, for tests; closed by whoever opened them. */
  readonly connections?: Connections;
  readonly onProgress?: (text: string) => void;
};

export type OpenedWorker = {
  /** Resolves when the worker has stopped and everything it opened is closed. */
  run(): Promise<void>;
  shutdown(): void;
};

/** Activities that may run at once on one worker. */
const maxConcurrentActivities = 128;

export async function openWorker(config: Config, options: OpenWorkerOptions = {}): Promise<OpenedWorker> {
  installLogger();
  const bundle = await workflowBundle(config.cacheFolder, () => options.onProgress?.('preparing the workflow code'));
  const connections = options.connections ?? (await configuredConnections(config));
  const connection = await NativeConnection.connect(
    config.temporal.kind === 'cluster' ? config.temporal.connectionOptions : { address: options.address ?? '' },
  );
  const liveText = createLiveText();
  const liveServer = await openLiveServer(liveText);
  const onDamage = (damage: string) => Runtime.instance().logger.warn(damage);
  const store = createFolderStore(config.storeFolder, onDamage);
  const transcript = createTranscript(store);
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue,
    workflowBundle: bundle,
    activities: {
      ...createQualityActivities({
        store,
        openQualitySource: (data, key, signal) => openQualitySource(connections, data, key, signal),
        readSuiteFiles: createReadSuiteFiles(config.workingFolder),
        inlineResult,
        qualityHistory: createQualityHistory(config.qualityFolder),
        quarantineFiles: createQuarantineFiles(),
        quarantineFolder: config.quarantineFolder,
        qualitySilences: createQualitySilences(config.qualityFolder),
        qualityPartials: createQualityPartials(config.qualityPartialsFolder),
        deliverQualityReport: createQualityDelivery(config.reportsFolder),
        sendAlerts: createSendAlerts(config.alerts),
        lineage: createLineage(config.lineage),
      }),
      ...createActivities({
        store,
        transcript,
        connections,
        journal: createFolderJournal(join(config.storeFolder, 'journal'), onDamage),
        sessions: createSessionFiles(config.sessionsFolder, transcript),
        ...modelsOf(config, options.models),
        deliverReport: createReportDelivery(config.reportsFolder),
        accessRules: () => readSettings(join(config.workingFolder, 'dpa.yaml')).access,
        sourceFailures: createSourceFailures(config.sourcesFolder),
        ...tellingOf(config),
        live: { text: liveText, urlOf: liveServer.urlOf },
      }),
    },
    maxConcurrentActivityTaskExecutions: maxConcurrentActivities,
    // The default delays a cancellation by most of a heartbeat timeout.
    maxHeartbeatThrottleInterval: '250ms',
    defaultHeartbeatThrottleInterval: '250ms',
    stickyQueueScheduleToStartTimeout,
    shutdownGraceTime: '2 seconds',
    shutdownForceTime: '4 seconds',
  });
  return {
    async run() {
      try {
        await worker.run();
      } finally {
        await liveServer[Symbol.asyncDispose]();
        if (connections !== options.connections) await connections[Symbol.asyncDispose]();
        await connection.close();
      }
    },
    shutdown: () => worker.shutdown(),
  };
}

async function configuredConnections(config: Config): Promise<Connections> {
  return openConnections(await readServerConfig(config.mcpConfigFile, config.environment, config.workingFolder));
}

/** Where nobody is to be told, no history speaks of it. */
function tellingOf({ approvals }: Config): Pick<ActivityDependencies, 'tellPeople'> {
  const isNobody = approvals.first.length === 0 && approvals.escalation.length === 0;
  return isNobody ? {} : { tellPeople: createTellWaiting(approvals) };
}

function modelsOf(config: Config, given: Models | undefined): ModelSource {
  if (given !== undefined) {
    const modelFor = createModelLookup(given);
    return {
      modelFor: async (ref) => modelFor(ref),
      candidatesFor: async (named) => {
        const refs = Object.keys(given);
        return refs.includes(named) ? refs.slice(refs.indexOf(named)) : [named];
      },
      profileFor: async (ref) => given[ref]?.profile,
    };
  }
  // A key never travels from the client to the worker, so it is the worker's own environment that counts.
  const whose =
    config.temporal.kind === 'local'
      ? 'The local host that runs analyses was started earlier, from another environment: `dpa down`, then try again.'
      : 'It is the environment of the worker that counts: set it there and start the worker again.';
  return createModels(endpointsFrom(config.environment, config.workingFolder, config.settings.models), whose);
}

/** Warnings and errors only, to stderr: stdout belongs to the answer. */
function installLogger(): void {
  try {
    Runtime.install({
      logger: new DefaultLogger('WARN'),
      telemetryOptions: {
        logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
      },
    });
  } catch {
    // A runtime is there already: its owner chose the logger.
  }
}

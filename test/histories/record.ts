/** Records the histories that test/workflows/replay.test.ts replays: run it after a wanted change of the workflow's commands. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { loadConfig } from '../../src/config.ts';
import { searchAttributes } from '../../src/temporal/service-command.ts';
import { ToolFailure } from '../../src/tools/failures.ts';
import { activityWorld } from '../support/activity-world.ts';
import { openAnalysisWorker, quietTemporal } from '../support/analysis-worker.ts';
import { scriptedConnections, tableResult } from '../support/scripted-connections.ts';
import { reply, scriptedModel } from '../support/scripted-model.ts';
import { finding, query, submit } from '../support/script-pieces.ts';
import { temporalProgram } from '../support/temporal-service.ts';

/** Instead of 4,096, so that a history through continue-as-new stays small enough to be kept. */
const suggestContinueAsNewAt = 60;

const turnsOfLongRun = 9;
quietTemporal();
const folder = await mkdtemp(join(tmpdir(), 'dpa-record-'));
const environment = await TestWorkflowEnvironment.createLocal({
  server: {
    executable: { type: 'existing-path', path: await temporalProgram() },
    extraArgs: [
      '--dynamic-config-value',
      `limit.historyCount.suggestContinueAsNew=${suggestContinueAsNewAt}`,
      ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ],
  },
});
try {
  await using worker = await openAnalysisWorker(environment.address);
  const { workflow } = worker.client;

  await worker.run('plain', plain());
  await keep('plain', await historyOf('plain'));

  await worker.run('troubled', troubled());
  await keep('failing-tool-and-refused-report', await historyOf('troubled'));

  await worker.run('long', long());
  const { raw } = await workflow.getHandle('long').describe();
  await keep('continued-first-run', await historyOf('long', raw.workflowExecutionInfo?.firstRunId ?? undefined));
  await keep('continued-last-run', await historyOf('long'));

  async function historyOf(id: string, runId?: string): Promise<proto.temporal.api.history.v1.IHistory> {
    return workflow.getHandle(id, runId).fetchHistory();
  }
} finally {
  await environment.teardown();
  await rm(folder, { recursive: true, force: true });
}

function plain() {
  return world(
    [
      reply('First a plan.', [
        { id: 'p', name: 'set_plan', arguments: { steps: [{ title: 'Count', state: 'doing' }] } },
        query('c1'),
        query('c2'),
      ]),
      reply('', [submit('s', finding('There are {0} sales.', 3, 'c1'))]),
    ],
    [tableResult(3), tableResult(3), tableResult(3)],
  );
}

function troubled() {
  const wrong = finding('There are {0} sales.', 4, 'c2');
  const timeout = new ToolFailure('Tool.Timeout', 'no answer in 5 s', { retryable: false });
  return world(
    [
      reply('', [query('c1'), { id: 'd', name: 'lake__drop' }]),
      reply('', [query('c2')]),
      reply('', [submit('s1', wrong)]),
      reply('', [submit('s2', wrong)]),
    ],
    [timeout, tableResult(3), tableResult(3), tableResult(3)],
  );
}

function long() {
  const turns = Array.from({ length: turnsOfLongRun }, (_, turn) => reply('On.', [query(`t${turn}`)]));
  const answers = turns.map((_, turn) => tableResult(turn));
  return world([...turns, reply('That is all.')], answers);
}

function world(
  replies: ReturnType<typeof reply>[],
  answers: Parameters<typeof scriptedConnections>[0]['answers'][string],
) {
  return activityWorld(folder, scriptedModel(replies), scriptedConnections({ answers: { lake__query: answers } }));
}

/** Without what belongs to the machine: stack traces name its folders. */
async function keep(name: string, history: proto.temporal.api.history.v1.IHistory): Promise<void> {
  const codec = proto.temporal.api.history.v1.History;
  const readableForm = codec.toObject(codec.fromObject(history), { longs: String, bytes: String, enums: String });
  const text = `${JSON.stringify(readableForm, (key, value: unknown) => (key === 'stackTrace' ? '' : value), 1)}\n`;
  const payloads = [...text.matchAll(/"data": "([^"]*)"/g)].map(([, data]) =>
    Buffer.from(data ?? '', 'base64').toString(),
  );
  const readable = [text, ...payloads].join('\n');
  for (const forbidden of [hostname(), loadConfig().workingFolder, tmpdir(), '/node_modules/']) {
    if (readable.includes(forbidden))
      throw new Error(`Expected no trace of this machine in ${name}, found "${forbidden}".`);
  }
  await writeFile(fileURLToPath(new URL(`${name}.json`, import.meta.url)), text);
}

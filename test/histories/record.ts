/** Records the histories that test/workflows/replay.test.ts replays: run it after a wanted change of the workflow's commands. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type proto from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { searchAttributes } from '../../src/temporal/service-command.ts';
import { ToolFailure } from '../../src/tools/failures.ts';
import { activityWorld } from '../support/activity-world.ts';
import { openAnalysisWorker, quietTemporal } from '../support/analysis-worker.ts';
import { scriptedConnections, tableResult } from '../support/scripted-connections.ts';
import { reply, scriptedModel } from '../support/scripted-model.ts';
import { keep } from './keep.ts';
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

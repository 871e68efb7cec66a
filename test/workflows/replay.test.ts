import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker, bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { loadConfig } from '../../src/config.ts';
import { workflowBundle } from '../../src/temporal/workflow-bundle.ts';
import { quietTemporal } from '../support/analysis-worker.ts';

const present = [
  'plain',
  'failing-tool-and-refused-report',
  'continued-first-run',
  'continued-last-run',
  'interrupted',
  'decided',
  'quality-run',
  'quality-stopped',
];

beforeAll(quietTemporal);

test.each(present)('the recorded history "%s" replays with the present workflow', async (name) => {
  await replay(await workflowBundle(loadConfig().cacheFolder), name);
});

test('a forbidden change of the workflow is caught', async () => {
  const workflowsPath = fileURLToPath(new URL('../fixtures/changed-workflow/index.ts', import.meta.url));
  const changed = await bundleWorkflowCode({ workflowsPath, logger: silent });
  await expect(replay(changed, 'plain')).rejects.toThrow(DeterminismViolationError);
});

async function replay(bundle: WorkflowBundleOption, name: string): Promise<void> {
  const file = await readFile(new URL(`../histories/${name}.json`, import.meta.url), 'utf8');
  const history = proto.temporal.api.history.v1.History.fromObject(JSON.parse(file) as object);
  await Worker.runReplayHistory({ workflowBundle: bundle, replayName: name }, history, name);
}

const nothing = () => {};
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

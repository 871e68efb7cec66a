/** On Temporal's test server, whose clock jumps: a decision that takes ten days. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createActivities } from '../../src/activities/index.ts';
import { activityWorld } from '../support/activity-world.ts';
import { openAnalysisWorker, quietTemporal } from '../support/analysis-worker.ts';
import { jumpUntil, openTimeSkipping } from '../support/components/time-skipping.ts';
import { decide, decisionTools, pending, write } from '../support/decisions.ts';
import { scriptedConnections, tableResult } from '../support/scripted-connections.ts';
import { reply, scriptedModel } from '../support/scripted-model.ts';

quietTemporal();
const skipping = await openTimeSkipping();
const environment = skipping.kind === 'open' ? skipping.environment : undefined;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-skipping-'));
});

afterAll(async () => {
  await environment?.teardown();
  await rm(folder, { recursive: true, force: true });
});

const dayMs = 86_400_000;

// The name says why where it cannot be tried.
if (skipping.kind === 'absent') test(`not tried: ${skipping.reason}`, () => expect(environment).toBeUndefined());
else {
  test('a decision that takes ten days costs no slot of a worker, and people are reminded meanwhile', async () => {
    const told: string[] = [];
    const made = activityWorld(
      folder,
      scriptedModel([reply('', [write('w1')]), reply('Written.')]),
      scriptedConnections({ answers: { lake__write: [tableResult(1)] }, tools: decisionTools }),
    );
    const tellPeople = async ({ stage }: { readonly stage: string }) => {
      told.push(stage);
      return [];
    };
    const world = { ...made, activities: createActivities({ ...made.dependencies, tellPeople }) };
    const approvals = { withinMs: 12 * dayMs, remindAfterMs: dayMs, escalateAfterMs: 3 * dayMs };
    await using worker = await openAnalysisWorker(environment!.address);
    const handle = await worker.start('ten-days', world, { searchAttributes: false, approvals });
    const [ask] = await pending(handle);
    await jumpUntil(environment!, (nowMs) => nowMs >= ask!.sinceMs + 10 * dayMs);
    // The word of that day is out: then nothing is under way.
    while (((await handle.describe()).raw.pendingActivities ?? []).length > 0);
    expect(await pending(handle)).toMatchObject([{ id: ask!.id, untilMs: ask!.untilMs }]);
    await decide(handle, ask!.id, 'approve');
    while ((await handle.describe()).status.name !== 'COMPLETED');
    expect(made.connections.calls).toHaveLength(1);
    expect(told.slice(0, 5)).toEqual(['asked', 'reminder', 'reminder', 'escalation', 'reminder']);
    expect(told.filter((stage) => stage === 'escalation')).toHaveLength(1);
    expect(told.length).toBeGreaterThanOrEqual(10);
  }, 120_000);
}

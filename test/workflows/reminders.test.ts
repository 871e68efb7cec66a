/** People outside are told that a call waits; a receiver that takes its time moves no deadline. */
import { createActivities } from '../../src/activities/index.ts';
import type { TellPeopleInput } from '../../src/activities/contract.ts';
import type { Approvals } from '../../src/workflows/messages.ts';
import { activityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { decide, decisionTools, pending, write } from '../support/decisions.ts';
import { scriptedConnections, tableResult } from '../support/scripted-connections.ts';
import { reply, scriptedModel } from '../support/scripted-model.ts';
import { submit } from '../support/script-pieces.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

function world(tellPeople: (word: TellPeopleInput) => Promise<readonly string[]>) {
  const mine = activityWorld(
    setting.folder,
    scriptedModel([reply('', [write('w1')]), reply('', [submit('s')])]),
    scriptedConnections({ answers: { lake__write: [tableResult(1)] }, tools: decisionTools }),
  );
  return { ...mine, activities: createActivities({ ...mine.dependencies, tellPeople }) };
}

test('it is said at once, again, and to those above, until somebody decides', async () => {
  const told: TellPeopleInput[] = [];
  const escalated = Promise.withResolvers<void>();
  const mine = world(async (word) => {
    told.push(word);
    if (word.stage === 'escalation') escalated.resolve();
    return word.stage === 'reminder' ? ['The receiver was away.'] : [];
  });
  const approvals: Approvals = { remindAfterMs: 400, escalateAfterMs: 900 };
  const handle = await setting.worker.start('reminded', mine, { approvals });
  const [ask] = await pending(handle);
  await escalated.promise;
  await decide(handle, ask!.id, 'approve');
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  expect(told.map(({ stage }) => stage).slice(0, 4)).toEqual(['asked', 'reminder', 'reminder', 'escalation']);
  expect(told[0]).toMatchObject({ session: 'reminded', task: 'Count the sales', ask: { id: ask!.id } });
});

test.each([['decided'], ['over']])(
  'a receiver that never answers holds nothing up: the wait is %s in time',
  async (how) => {
    const answer = Promise.withResolvers<readonly string[]>();
    const mine = world(() => answer.promise);
    const approvals: Approvals = how === 'over' ? { withinMs: 300 } : {};
    const handle = await setting.worker.start(`slow-receiver-${how}`, mine, { approvals });
    if (how === 'decided') {
      const [ask] = await pending(handle);
      await decide(handle, ask!.id, 'approve');
    }
    expect(await handle.result()).toMatchObject({ exitCode: how === 'over' ? 6 : 0 });
    expect(mine.connections.calls).toHaveLength(how === 'over' ? 0 : 1);
    answer.resolve([]);
  },
);

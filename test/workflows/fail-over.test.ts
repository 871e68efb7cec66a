/** When a model fails for good the next one goes on from the same place, and the report says so. */
import { createActivities } from '../../src/activities/index.ts';
import { createLoadCatalog } from '../../src/activities/tools.ts';
import { Failure } from '../../src/analysis/failures.ts';
import { statusQuery } from '../../src/workflows/messages.ts';
import { createBuiltinPlanner } from '../../src/llm/builtin/planner.ts';
import { createCoolDowns } from '../../src/llm/cool-down.ts';
import { ModelFailure } from '../../src/llm/model-failure.ts';
import { createModelLookup } from '../../src/llm/models.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
import { asked, say } from '../support/asked.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { scriptedConnections, tableResult, type ScriptedServers } from '../support/scripted-connections.ts';
import { modelContext, reply, scriptedModel, scriptedProfile, type ScriptedReply } from '../support/scripted-model.ts';
import { finding, query, submit } from '../support/script-pieces.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

function refusedKey(): Promise<never> {
  return Promise.reject(
    new ModelFailure('The key was refused.', { kind: 'Auth', endpoint: 'first', model: 'first/model' }),
  );
}

/** `first/model` is asked before `scripted`. */
function worldWithTwo(first: readonly ScriptedReply[], second: readonly ScriptedReply[], servers: ScriptedServers) {
  const firstModel = { ...scriptedModel(first), profile: { ...scriptedProfile, ref: 'first/model' } };
  const world = activityWorld(setting.folder, scriptedModel(second), scriptedConnections(servers));
  const activities = createActivities({
    ...world.dependencies,
    modelFor: createModelLookup({ 'first/model': firstModel, scripted: world.model }),
    candidatesFor: () => Promise.resolve(['first/model', 'scripted']),
  });
  return { world: { ...world, activities } satisfies ActivityWorld, firstModel };
}

test('the second model goes on in the middle of the conversation and the report names the switch', async () => {
  const { world, firstModel } = worldWithTwo(
    [reply('Counting.', [query('c1')]), refusedKey],
    [reply('', [submit('s', finding('There are {0} sales.', 3, 'c1'))])],
    { answers: { lake__query: [tableResult(3), tableResult(3)] } },
  );
  const handle = await setting.worker.start('fail-over', world);
  const outcome = await handle.result();
  firstModel.assertUsedUp();
  world.model.assertUsedUp();
  expect(outcome.exitCode).toBe(0);
  // What the first model did is part of the conversation the second one is given.
  expect(world.model.requests[0]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  expect(world.delivered[0]?.submission.limits.at(-1)).toBe(
    'first/model could not go on (The key was refused.); scripted took over.',
  );
  const { typedSearchAttributes } = await handle.describe();
  expect(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])).toContainEqual([
    'DpaModel',
    'scripted',
  ]);
});

test('a model whose calls cannot be read three times in a row gives way; one good call in between starts the count anew', async () => {
  const unreadable = (id: string) => {
    const call = {
      kind: 'toolCall',
      id,
      name: 'lake__query',
      arguments: {},
      problem: 'The arguments are no JSON.',
    } as const;
    return { ...reply(''), message: { role: 'assistant', parts: [call] }, finish: 'toolCalls' } as const;
  };
  const { world, firstModel } = worldWithTwo(
    [unreadable('u1'), unreadable('u2'), reply('', [query('c1')]), ...['u3', 'u4', 'u5'].map(unreadable)],
    [reply('Done.')],
    { answers: { lake__query: [tableResult(3)] } },
  );
  await setting.worker.run('unreadable', world);
  firstModel.assertUsedUp();
  world.model.assertUsedUp();
  expect(JSON.stringify(firstModel.requests[1]?.messages.at(-1))).toContain('no JSON');
  expect(world.delivered[0]?.submission.limits.at(-1)).toMatch(/first\/model could not go on .*3 replies in a row/);
});

test('when the last model fails too the analysis waits, says what it needs, and goes on when it is answered', async () => {
  const { world, firstModel } = worldWithTwo(
    [reply('', [query('c1')]), refusedKey, refusedKey],
    [refusedKey, reply('', [submit('s', finding('There are {0} sales.', 3, 'c1'))])],
    { answers: { lake__query: [tableResult(3), tableResult(3)] } },
  );
  const handle = await setting.worker.start('no-model-left', world);
  const [ask] = await asked(handle);
  expect(ask).toMatchObject({ kind: 'trouble', text: expect.stringContaining('The key was refused.') as string });
  expect(await handle.query(statusQuery)).toMatchObject({
    status: 'waiting',
    waitsFor: [{ text: expect.stringContaining('Repair that') as string }],
  });
  const wrong = say(handle, ask!, 'perhaps');
  await expect(wrong).rejects.toMatchObject({
    cause: { message: expect.stringMatching(/begins with retry, model/) as string },
  });
  // Asked from the first one on: it may be the one that was repaired.
  await say(handle, ask!, 'retry');
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  firstModel.assertUsedUp();
  world.model.assertUsedUp();
  expect(world.connections.calls).toHaveLength(2);
});

test('another model is named; a name that cannot be one is said, and it is asked again', async () => {
  const { world } = worldWithTwo([refusedKey], [refusedKey, reply('Done.')], { answers: {} });
  const candidatesFor = (named: string) =>
    named === 'nobody' ? Promise.reject(new Failure('Model.Unknown', 'No such model.')) : Promise.resolve([named]);
  const loadCatalog = createLoadCatalog({ ...world.dependencies, candidatesFor });
  let isFirst = true;
  const activities: ActivityWorld['activities'] = {
    ...world.activities,
    loadCatalog: (input) => (isFirst ? ((isFirst = false), world.activities.loadCatalog(input)) : loadCatalog(input)),
  };
  const handle = await setting.worker.start('another-model', { ...world, activities });
  const [first] = await asked(handle);
  await say(handle, first!, 'model nobody');
  const [second] = await asked(handle, first!.id);
  expect(second).toMatchObject({ text: expect.stringContaining('No such model.') as string });
  await say(handle, second!, 'model scripted');
  expect(await handle.result()).toMatchObject({ exitCode: 0, headline: 'Done.' });
});

test('unattended it does not wait: what was found is reported with exit code 69; a stop ends it with 5', async () => {
  const nobody = worldWithTwo([refusedKey], [refusedKey], { answers: {} }).world;
  const outcome = await setting.worker.run('no-model-nobody', nobody, { approvals: { unattended: true } });
  expect(outcome).toMatchObject({ status: 'completed', exitCode: 69 });
  expect(nobody.delivered[0]?.submission.limits.join()).toContain('no other model was left');
  const stopped = worldWithTwo([refusedKey], [refusedKey], { answers: {} }).world;
  const handle = await setting.worker.start('no-model-stop', stopped);
  const [ask] = await asked(handle);
  await say(handle, ask!, 'stop not tonight');
  expect(await handle.result()).toMatchObject({ status: 'stopped', exitCode: 5 });
});

test('50 analyses at once leave a provider alone that is known to be dead, and each is answered by the next', async () => {
  const rejected = () =>
    Promise.reject(new ModelFailure('It is down.', { kind: 'Auth', endpoint: 'first', model: 'first/model' }));
  const dead = scriptedModel([rejected]);
  const guarded = createCoolDowns().guard({ ...dead, profile: { ...scriptedProfile, ref: 'first/model' } }, 'first');
  await guarded.complete({} as never, modelContext()).catch(() => undefined);
  const worlds = Array.from({ length: 50 }, () => {
    const world = activityWorld(setting.folder, scriptedModel([reply('Three.')]), scriptedConnections({ answers: {} }));
    const activities = createActivities({
      ...world.dependencies,
      modelFor: createModelLookup({ 'first/model': guarded, scripted: world.model }),
      candidatesFor: () => Promise.resolve(['first/model', 'scripted']),
    });
    return { ...world, activities };
  });
  await Promise.all(worlds.map((world, index) => setting.worker.run(`parallel-${index}`, world)));
  // The one call that found out; a second one would have been more than was scripted.
  expect(dead.requests).toHaveLength(1);
  for (const { model, delivered } of worlds) {
    model.assertUsedUp();
    expect(delivered[0]?.submission.limits.at(-1)).toContain('left alone');
  }
}, 60_000);

test('the built-in planner takes over a conversation that another model began', async () => {
  const tools = ['list_datasets', 'describe_dataset', 'sample_rows', 'profile_dataset', 'query'].map((name) => ({
    name: `lake__${name}`,
    description: '',
    inputSchema: {},
  }));
  const begun = reply('Looking.', [{ id: 'toolu_1', name: 'lake__list_datasets' }]).message;
  const answered = {
    role: 'tool',
    parts: [{ kind: 'toolResult', callId: 'toolu_1', ok: true, text: '{"ok":true}' }],
  } as const;
  const messages = [{ role: 'user', parts: [{ kind: 'text', text: 'Profile this data' }] }, begun, answered] as const;
  const request = { session: 's', turn: 2, model: 'builtin', system: '', tools, messages };
  const { message } = await createBuiltinPlanner().complete(request, modelContext());
  expect(message.parts).toContainEqual(
    expect.objectContaining({ kind: 'toolCall', name: 'lake__list_datasets', id: 't1c0' }),
  );
});

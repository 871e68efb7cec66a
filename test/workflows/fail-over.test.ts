/** When a model fails for good the next one goes on from the same place, and the report says so. */
import { createActivities } from '../../src/activities/index.ts';
import { createBuiltinPlanner } from '../../src/llm/builtin/planner.ts';
import { createCoolDowns } from '../../src/llm/cool-down.ts';
import { ModelFailure } from '../../src/llm/model-failure.ts';
import { createModelLookup } from '../../src/llm/models.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
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

test('when the last model fails too the analysis fails with its reason', async () => {
  const { world } = worldWithTwo([refusedKey], [refusedKey], { answers: {} });
  await expect(setting.worker.run('no-model-left', world)).rejects.toMatchObject({
    cause: { cause: { type: 'Model.Auth', message: 'The key was refused.' } },
  });
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

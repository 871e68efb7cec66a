/** What a model is not asked for again: refused tasks, wrong requests, useless calls; and what it is waited for. */
import { setTimeout as delay } from 'node:timers/promises';
import { ActivityFailure, ApplicationFailure, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { createActivities } from '../../src/activities/index.ts';
import { maxUnreadable, maxUnreadableAlone } from '../../src/analysis/routing.ts';
import { ModelFailure, type ModelFailureFacts } from '../../src/llm/model-failure.ts';
import { createModelLookup } from '../../src/llm/models.ts';
import { ToolFailure } from '../../src/tools/failures.ts';
import { isTimeout, modelFailureIn } from '../../src/workflows/failure-in.ts';
import { statusQuery } from '../../src/workflows/messages.ts';
import { activityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { scriptedConnections, tableResult, type ScriptedServers } from '../support/scripted-connections.ts';
import { reply, scriptedModel, scriptedProfile, type ScriptedReply } from '../support/scripted-model.ts';
import { query } from '../support/script-pieces.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

const letters = ['a', 'b', 'c', 'd'] as const;

/** One model for each script, asked in this order. */
function worldOf(scripts: readonly (readonly ScriptedReply[])[], answers: ScriptedServers['answers'] = {}) {
  const models = scripts.map((script, index) => ({
    ...scriptedModel(script),
    profile: { ...scriptedProfile, ref: `${letters[index]}/model` },
  }));
  const world = activityWorld(setting.folder, scriptedModel([]), scriptedConnections({ answers }));
  const byRef = Object.fromEntries(models.map((model) => [model.profile.ref, model]));
  const activities = createActivities({
    ...world.dependencies,
    modelFor: createModelLookup(byRef),
    profileFor: (ref) => byRef[ref]?.profile,
    candidatesFor: () => Promise.resolve(Object.keys(byRef)),
  });
  return { ...world, activities, models, asked: () => models.map(({ requests }) => requests.length) };
}

function failing(kind: ModelFailureFacts['kind'], more: Partial<ModelFailureFacts> = {}): ScriptedReply {
  return () => Promise.reject(new ModelFailure(`No: ${kind}.`, { kind, endpoint: 'e', model: 'm', ...more }));
}

const refusing: ScriptedReply = { ...reply('I will not.'), finish: 'refusal', refusal: 'cyber' };

test('a model that refuses gives way once, and the next one sees the task and not the refusal', async () => {
  const world = worldOf([[reply('', [query('c1')]), refusing], [reply('Done.')]], { lake__query: [tableResult(3)] });
  expect(await setting.worker.run('refused-once', world)).toMatchObject({ exitCode: 0, headline: 'Done.' });
  expect(world.asked()).toEqual([2, 1]);
  const shown = world.models[1]?.requests[0]?.messages ?? [];
  expect(shown.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  expect(JSON.stringify(shown)).not.toContain('I will not');
  expect(world.delivered[0]?.submission.limits.at(-1)).toBe(
    'a/model could not go on (it refused: cyber); b/model took over.',
  );
});

test.each<[string, ScriptedReply, ScriptedReply]>([
  ['in words', refusing, refusing],
  ['by a failure', failing('Refused'), failing('Refused')],
  ['first so, then so', failing('Refused'), refusing],
])('two models that refuse, %s: a third one is not talked into it, and the report says so', async (name, one, two) => {
  const world = worldOf([[one], [two], []]);
  const outcome = await setting.worker.run(`refused-twice-${name.replaceAll(' ', '-')}`, world);
  expect(outcome).toMatchObject({ status: 'completed', exitCode: 3 });
  expect(world.asked()).toEqual([1, 1, 0]);
  expect(world.delivered[0]?.submission.limits.join(' ')).toMatch(/refused to go on.*a\/model could not go on/s);
});

test('a second model that calls the request wrong is right: no third one is asked', async () => {
  const world = worldOf([[failing('BadRequest')], [failing('BadRequest')], []]);
  const handle = await setting.worker.start('bad-requests', world, { approvals: { unattended: true } });
  expect(await handle.result()).toMatchObject({ exitCode: 69 });
  expect(world.asked()).toEqual([1, 1, 0]);
});

test('a request called wrong is forgotten with the next reply', async () => {
  const world = worldOf(
    [[failing('BadRequest')], [reply('', [query('c1')]), failing('BadRequest')], [reply('Done.')]],
    { lake__query: [tableResult(3)] },
  );
  expect(await setting.worker.run('bad-requests-apart', world)).toMatchObject({ exitCode: 0 });
  expect(world.asked()).toEqual([1, 2, 1]);
});

const wrongArguments = new ToolFailure('Tool.InvalidArguments', 'sql: expected a text.', { retryable: false });

test.each<[string, (id: string) => ReturnType<typeof query>, ScriptedServers['answers']]>([
  ['tools that are not there', (id) => query(id, 'lake__nothing'), {}],
  ['arguments that a tool does not take', query, { lake__query: Array.from({ length: 3 }, () => wrongArguments) }],
])(`${maxUnreadable} turns in a row of %s, and the next model is asked`, async (name, call, answers) => {
  const turns = Array.from({ length: maxUnreadable }, (_, index) => reply('', [call(`c${index}`)]));
  const world = worldOf([turns, [reply('Done.')]], answers);
  expect(await setting.worker.run(`misused-${name.replaceAll(' ', '-')}`, world)).toMatchObject({ exitCode: 0 });
  expect(world.asked()).toEqual([maxUnreadable, 1]);
  expect(world.delivered[0]?.submission.limits.at(-1)).toMatch(/a\/model could not go on \(3 replies in a row made no/);
});

test('a call that its tool takes, beside a wrong one or after it, starts the count anew', async () => {
  const wrong = (id: string) => query(id, 'lake__nothing');
  const turns = [[wrong('c1')], [wrong('c2'), query('c3')], [wrong('c4')], [wrong('c5')]].map((calls) =>
    reply('', calls),
  );
  const world = worldOf([[...turns, reply('Done.')], []], { lake__query: [tableResult(3)] });
  await setting.worker.run('used-well', world);
  expect(world.asked()).toEqual([5, 0]);
});

test(`the last model that is left is asked ${maxUnreadableAlone} times so, and not until its steps are used up`, async () => {
  const turns = Array.from({ length: maxUnreadableAlone }, (_, index) =>
    reply('', [query(`c${index}`, 'lake__nothing')]),
  );
  const world = worldOf([turns]);
  const handle = await setting.worker.start('useless', world, { approvals: { unattended: true } });
  expect(await handle.result()).toMatchObject({ exitCode: 69 });
  expect(world.asked()).toEqual([maxUnreadableAlone]);
});

const hourMs = 3_600_000;

async function untilTold(handle: Awaited<ReturnType<AnalysisSetting['worker']['start']>>, words: RegExp) {
  for (;;) {
    const { progress } = await handle.query(statusQuery);
    if (progress.some(({ text }) => words.test(text))) return;
    await delay(30);
  }
}

test('the only model is waited for as long as it asks, by a timer, and a word of a person ends the wait', async () => {
  const world = worldOf([[failing('RateLimited', { retryAfterMs: 3 * hourMs }), reply('Done.')]]);
  const handle = await setting.worker.start('long-wait', world);
  await untilTold(handle, /a\/model is waited for, for 3 h/);
  const { raw } = await handle.describe();
  expect(raw.pendingActivities ?? []).toEqual([]);
  const { events } = await handle.fetchHistory();
  const timers = (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) => (timer ? [timer] : []));
  expect(timers.map(({ startToFireTimeout }) => Number(startToFireTimeout?.seconds))).toContain((3 * hourMs) / 1_000);
  expect(world.asked()).toEqual([1]);
  await handle.signal('redirect', { text: 'Ask again now.', by: 'ada' });
  expect(await handle.result()).toMatchObject({ exitCode: 0, headline: 'Done.' });
  expect(world.asked()).toEqual([2]);
});

test('the wait ends with the time of the analysis', async () => {
  const world = worldOf([[failing('RateLimited', { retryAfterMs: hourMs })]]);
  const outcome = await setting.worker.run('wait-too-long', world, { limits: { timeoutMs: 3_000 } });
  expect(outcome).toMatchObject({ status: 'completed', exitCode: 7 });
  expect(world.asked()).toEqual([1]);
});

test('a call that Temporal gave up is a failure of its model, and a lost worker of a tool is none', () => {
  const gaveUp = (cause: Error) => new ActivityFailure('gave up', 'completeTurn', '1', 'TIMEOUT', 'worker', cause);
  const timeout = gaveUp(new TimeoutFailure('heartbeat', undefined, TimeoutType.HEARTBEAT));
  expect(isTimeout(timeout)).toBe(true);
  expect(modelFailureIn(timeout)).toMatchObject({ type: 'Model.IdleTimeout' });
  const auth = gaveUp(ApplicationFailure.create({ type: 'Model.Auth', message: 'No.' }));
  expect(modelFailureIn(auth)).toMatchObject({ type: 'Model.Auth', message: 'No.' });
  for (const other of [gaveUp(ApplicationFailure.create({ type: 'Store.Full' })), new Error('a bug')])
    expect([isTimeout(other), modelFailureIn(other)]).toEqual([false, undefined]);
});

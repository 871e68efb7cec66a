import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledFailure } from '@temporalio/common';

import type { CompleteTurnInput } from '../../src/activities/contract.ts';
import type { ToolCall } from '../../src/analysis/conversation.ts';
import { maxPlanSteps } from '../../src/analysis/plan.ts';
import { Failure } from '../../src/analysis/failures.ts';
import { activityEnvironment, runActivity } from '../support/activity-environment.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
import { queryTool, scriptedConnections } from '../support/scripted-connections.ts';
import { reply, scriptedModel, type ScriptedReply } from '../support/scripted-model.ts';
import { finding, query, submit } from '../support/script-pieces.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-model-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A world whose model has these replies, and the input of its first turn. */
async function firstTurn(...replies: readonly ScriptedReply[]) {
  const world = activityWorld(folder, scriptedModel(replies), scriptedConnections({ answers: {} }));
  const catalog = await world.store.put(JSON.stringify({ tools: [queryTool], problems: [], data: [] }));
  const append = [{ kind: 'user', text: 'Count the sales' }] as const;
  const input: CompleteTurnInput = { session: 'a', turn: 1, model: 'scripted', head: null, append, catalog };
  return { world, input };
}

function complete(
  world: ActivityWorld,
  input: CompleteTurnInput,
  environment?: ReturnType<typeof activityEnvironment>,
) {
  return runActivity(world.activities.completeTurn, input, environment);
}

test('a turn appends what is pending, asks the model once, and gives the new head', async () => {
  const { world, input } = await firstTurn(reply('Let me look.\nAt it.', [query('c1')]));
  const done = await complete(world, input);
  expect(done).toMatchObject({
    preview: 'Let me look. At it.',
    calls: [{ id: 'c1', name: 'lake__query', summary: 'query: SELECT count(*) AS n FROM sales' }],
    answered: [],
    usage: { inputTokens: 100, outputTokens: 10 },
  });
  const [request] = world.model.requests;
  expect(request).toMatchObject({ session: 'a', turn: 1, model: 'scripted' });
  expect(request?.messages).toEqual([{ role: 'user', parts: [{ kind: 'text', text: 'Count the sales' }] }]);
  expect(request?.tools.map(({ name }) => name)).toEqual([
    'ask_person',
    'lake__query',
    'read_result',
    'set_plan',
    'submit_report',
  ]);
  expect(await world.dependencies.transcript.load(done.head)).toHaveLength(2);
  expect((await world.dependencies.sessions.read('a')).processing_history).toEqual([done.head]);
});

test('the same turn again is answered from the journal: the model is not asked', async () => {
  const { world, input } = await firstTurn(reply('Paid for once.', [query('c1')]));
  const first = await complete(world, input);
  expect(await complete(world, input)).toEqual(first);
  world.model.assertUsedUp();
});

test.each([
  ['nobody is asked', {}, '5m'],
  ['a person may be asked', { attended: true }, '1h'],
] as const)('where %s, the provider keeps the prefix for the time of %j', async (_, attended, cacheTtl) => {
  const { world, input } = await firstTurn(reply('Done.'));
  await complete(world, { ...input, ...attended });
  expect(world.model.requests[0]).toMatchObject({ cacheTtl });
});

test('another turn, session or model is another entry of the journal', async () => {
  const { world, input } = await firstTurn(reply('1'), reply('2'), reply('3'));
  await complete(world, input);
  await complete(world, { ...input, turn: 2 });
  await complete(world, { ...input, session: 'b' });
  world.model.assertUsedUp();
});

test.each(['torn', 'missing'])('a journal entry whose reply is %s counts as none', async (damage) => {
  const { world, input } = await firstTurn(reply('Same words.'), reply('Same words.'));
  const first = await complete(world, input);
  if (damage === 'torn') world.store.content.set(first.head, '{"v":1,');
  else world.store.content.delete(first.head);
  expect(await complete(world, input)).toEqual(first);
  world.model.assertUsedUp();
});

test('a reply that was stored before a crash, but not yet in the journal, is asked for again', async () => {
  const { world, input } = await firstTurn(reply('Words.'), reply('Words.'));
  const { write } = world.journal;
  world.journal.write = async () => {
    throw new Failure('Store.Full', 'no space left');
  };
  await expect(complete(world, input)).rejects.toMatchObject({ type: 'Store.Full', nonRetryable: true });
  world.journal.write = write;
  await complete(world, input);
  world.model.assertUsedUp();
});

test('a cancelled activity aborts the model call', async () => {
  const environment = activityEnvironment();
  const { world, input } = await firstTurn(
    (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stream closed')));
        environment.cancel();
      }),
  );
  await expect(complete(world, input, environment)).rejects.toBeInstanceOf(CancelledFailure);
  expect(world.journal.entries.size).toBe(0);
});

test('the activity beats its heart while the model thinks', async () => {
  const environment = activityEnvironment();
  const beat = new Promise((resolve) => environment.once('heartbeat', resolve));
  const { world, input } = await firstTurn(async () => {
    await beat;
    return reply('Thought for long.');
  });
  await complete(world, input, environment);
  world.model.assertUsedUp();
});

test.each<[string, Error, object]>([
  ['a model out of reach', new Failure('Model.Network', 'no'), { type: 'Model.Network', nonRetryable: false }],
  ['a model that is gone', new Failure('Model.Unavailable', 'no'), { type: 'Model.Unavailable', nonRetryable: true }],
  ['a defect', new TypeError('undefined is not a function'), { type: 'Bug', nonRetryable: false }],
])('%s fails the turn with its type', async (_, error, expected) => {
  const { world, input } = await firstTurn(() => Promise.reject(error));
  await expect(complete(world, input)).rejects.toMatchObject({ ...expected, message: error.message });
});

test('a model nobody configured is refused by name', async () => {
  const { world, input } = await firstTurn();
  const turn = complete(world, { ...input, model: 'gpt-0' });
  await expect(turn).rejects.toMatchObject({ type: 'Model.Unknown', nonRetryable: true });
});

test('a plan is read, cut to what can be shown, and answered within the turn', async () => {
  const steps = [
    { title: 'Look', state: 'done' },
    { title: 'x'.repeat(200), state: 'flying' },
    { state: 'open' },
    null,
    ...Array.from({ length: 30 }, () => ({ title: 'More', state: 'open' })),
  ];
  const { world, input } = await firstTurn(reply('', [{ id: 'p', name: 'set_plan', arguments: { steps } }]));
  const { plan, answered, calls } = await complete(world, input);
  expect(plan?.steps).toHaveLength(maxPlanSteps);
  expect(plan?.steps.slice(0, 3)).toEqual([
    { title: 'Look', state: 'done' },
    { title: `${'x'.repeat(79)}…`, state: 'open' },
    { title: 'More', state: 'open' },
  ]);
  expect(answered).toEqual([{ callId: 'p', ok: true, text: '{"ok":true}' }]);
  expect(calls).toEqual([]);
});

test('a valid submission is stored and named; a second one in the same turn is turned down', async () => {
  const right = finding('There are {0} sales.', 3, 'c1');
  const { world, input } = await firstTurn(reply('', [submit('s1', right), submit('s2', right)]));
  const { submission, answered } = await complete(world, input);
  expect(submission?.callId).toBe('s1');
  expect(JSON.parse(await world.store.get(submission!.ref))).toMatchObject({ findings: [right] });
  expect(answered).toMatchObject([{ callId: 's2', ok: false, text: expect.stringContaining('first submission') }]);
});

test('an invalid submission comes back as a tool result that says what is wrong', async () => {
  const { world, input } = await firstTurn(reply('', [submit('s', finding('There are 3 sales.', 3, 'c1'))]));
  const { submission, answered } = await complete(world, input);
  expect(submission).toBeUndefined();
  expect(answered).toEqual([{ callId: 's', ok: false, text: expect.stringContaining('number written by hand') }]);
});

test('how a reply ended, what it cost and who gave it are kept beside it, and the journal tells it again', async () => {
  const usage = { inputTokens: 1_000, cachedInputTokens: 900, outputTokens: 10 };
  const { world, input } = await firstTurn({
    ...reply('Half an answ'),
    finish: 'length',
    usage,
    servedModel: 'scripted-2026',
  });
  const done = await complete(world, input);
  expect(done).toMatchObject({ finish: 'length', usage, costUsd: 0 });
  expect(await complete(world, input)).toEqual(done);
  const replies = await world.dependencies.transcript.replies(done.head);
  expect(replies).toEqual([{ model: 'scripted', served: 'scripted-2026', usage, costUsd: 0 }]);
});

test('a reply that is whole, or whose price is unknown, says nothing about it', async () => {
  const scripted = scriptedModel([reply('All said.')]);
  const { price: _, ...profile } = scripted.profile;
  const world = activityWorld(folder, { ...scripted, profile }, scriptedConnections({ answers: {} }));
  const { input } = await firstTurn();
  await world.store.put(JSON.stringify({ tools: [queryTool], problems: [], data: [] }));
  const done = await complete(world, input);
  expect(done).not.toHaveProperty('finish');
  expect(done).not.toHaveProperty('costUsd');
});

test('a call whose arguments nobody can read is answered with the reason and never run', async () => {
  const answer = reply('', [query('c1')]);
  const broken = { ...answer.message.parts[0], problem: 'Expected JSON, found {"sql": "SEL.' } as ToolCall;
  const { world, input } = await firstTurn({ ...answer, message: { role: 'assistant', parts: [broken] } });
  const { calls, answered } = await complete(world, input);
  expect(calls).toEqual([]);
  expect(answered).toEqual([{ callId: 'c1', ok: false, text: expect.stringContaining('Expected JSON') }]);
});

test('tools are always offered in one order', async () => {
  const { world, input } = await firstTurn(reply('Done.'));
  const tools = ['b__x', 'a__y'].map((name) => ({ ...queryTool, name }));
  const catalog = await world.store.put(JSON.stringify({ tools, problems: [], data: [] }));
  await complete(world, { ...input, catalog });
  const names = world.model.requests[0]?.tools.map(({ name }) => name);
  expect(names).toEqual(['a__y', 'ask_person', 'b__x', 'read_result', 'set_plan', 'submit_report']);
});

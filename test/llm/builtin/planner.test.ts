/** The planner as a provider: what it asks, how it ends, and that no failing tool stops it. */
import { wrapUpRequest } from '../../../src/analysis/control.ts';
import { toolCallsOf, textOf, type Message, type ToolCall } from '../../../src/analysis/conversation.ts';
import { createBuiltinPlanner } from '../../../src/llm/builtin/planner.ts';
import type { ModelReply } from '../../../src/llm/provider.ts';
import { modelContext } from '../../support/scripted-model.ts';

const tools = ['list_datasets', 'describe_dataset', 'sample_rows', 'profile_dataset', 'query'].map((name) => ({
  name: `lake__${name}`,
  description: '',
  inputSchema: {},
}));

const task = 'Profile this data and tell me what is wrong with it';

function user(text: string): Message {
  return { role: 'user', parts: [{ kind: 'text', text }] };
}

async function ask(messages: readonly Message[], offered = tools): Promise<ModelReply> {
  const request = { session: 's', turn: 0, model: 'builtin', system: '', tools: offered, messages };
  return createBuiltinPlanner().complete(request, modelContext());
}

type Answer = (call: ToolCall) => { ok: boolean; value: unknown };

/** Plays the tools until the planner submits or stops. */
async function play(start: readonly Message[], answer: Answer): Promise<{ messages: Message[]; last: ModelReply }> {
  const messages = [...start];
  for (let turn = 0; turn < 40; turn++) {
    const last = await ask(messages);
    messages.push(last.message);
    const calls = toolCallsOf(last.message);
    if (calls.length === 0 || calls.some(({ name }) => name === 'submit_report')) return { messages, last };
    messages.push({
      role: 'tool',
      parts: calls.map((call) => {
        const { ok, value } = call.name === 'set_plan' ? { ok: true, value: { ok: true } } : answer(call);
        return { kind: 'toolResult', callId: call.id, ok, text: JSON.stringify(value) };
      }),
    });
  }
  throw new Error('the planner did not end');
}

function table(columns: readonly string[], rows: readonly unknown[][]) {
  return { ok: true, value: { ok: true, data: { columns: columns.map((name) => ({ name, type: 'VARCHAR' })), rows } } };
}

const failing = (message: string) => ({
  ok: false,
  value: { ok: false, error: { code: 'x', class: 'internal', message } },
});

const listed = table(
  ['dataset', 'format', 'files', 'bytes', 'rows', 'columns', 'problem'],
  [['t', 'csv', 1, 9, 40, 1, null]],
);
const described = table(['column', 'type', 'nullable', 'example'], [['a', 'VARCHAR', true, 'x']]);

const submissionOf = (reply: ModelReply) =>
  toolCallsOf(reply.message).find(({ name }) => name === 'submit_report')?.arguments;

test('the first turn lists the data, with the ids evidence refers to', async () => {
  const { message, finish, usage } = await ask([user(task)]);
  expect(toolCallsOf(message)).toEqual([{ kind: 'toolCall', id: 't0c0', name: 'lake__list_datasets', arguments: {} }]);
  expect(textOf(message)).not.toBe('');
  expect(finish).toBe('toolCalls');
  expect(usage).toEqual({ inputTokens: 0, outputTokens: 0 });
});

test('without the tools it needs it says which ones', async () => {
  const reply = await ask([user(task)], []);
  expect(submissionOf(reply)).toMatchObject({ findings: [], limits: [expect.stringContaining('`query`')] });
});

test('when every query fails, the submission says so and why', async () => {
  const { last } = await play([user(task)], (call) => {
    if (call.name.endsWith('list_datasets')) return listed;
    return call.name.endsWith('describe_dataset') ? described : failing('The engine ran out of memory after 30 s.');
  });
  expect(submissionOf(last)).toMatchObject({
    headline: 'None of the data could be evaluated.',
    incomplete: true,
    limits: expect.arrayContaining([expect.stringContaining('The engine ran out of memory after `30` s.')]),
  });
});

test('when even the list of datasets fails, the submission says so and why', async () => {
  const { last } = await play([user(task)], () => failing('The disk is gone.'));
  expect(submissionOf(last)).toMatchObject({
    limits: [expect.stringContaining('The disk is gone.'), expect.any(String)],
  });
});

test.each([
  ['nothing', { ok: true, value: null }],
  ['a preview', { ok: true, value: { ok: true, preview: '{', ref: 'r', bytes: 9000 } }],
  ['text', { ok: true, value: 'what?' }],
  ['an empty table', table([], [])],
  ['a table of other columns', table(['x'], [['y']])],
])('results that are %s do not break it', async (_, odd) => {
  for (const words of [
    task,
    'Why do customers churn?',
    'trend of t',
    'compare a and b',
    'top 3 a by t',
    'Compare Q3 and Q4',
  ]) {
    const { last } = await play([user(words)], (call) => {
      if (call.name.endsWith('list_datasets')) return listed;
      return call.name.endsWith('describe_dataset') ? described : odd;
    });
    expect(submissionOf(last)).toMatchObject({ headline: expect.stringMatching(/./) });
  }
});

test('the plan is told when it changes, and is done at the end', async () => {
  const { messages } = await play([user(task)], (call) => {
    if (call.name.endsWith('list_datasets')) return listed;
    return call.name.endsWith('describe_dataset') ? described : table(['rows', 'columns'], [[0, 1]]);
  });
  const plans = messages.flatMap(toolCallsOf).filter(({ name }) => name === 'set_plan');
  const told = plans.map(({ arguments: { steps } }) => JSON.stringify(steps));
  expect(new Set(told).size).toBe(told.length);
  expect(plans.every(({ id }) => id.startsWith('p'))).toBe(true);
  expect(told.at(-1)).not.toMatch(/open|doing/);
});

test('after the report is accepted it stops with a sentence', async () => {
  const { messages, last } = await play([user('Hello!')], () => listed);
  const [call] = toolCallsOf(last.message);
  messages.push({ role: 'tool', parts: [{ kind: 'toolResult', callId: call!.id, ok: true, text: '{"ok":true}' }] });
  const end = await ask(messages);
  expect(end.finish).toBe('stop');
  expect(toolCallsOf(end.message)).toEqual([]);
});

test('a refused finding is left out and said so; nothing is asked twice', async () => {
  const { messages, last } = await play([user('Hello!')], () => listed);
  const [call] = toolCallsOf(last.message);
  const problems = JSON.stringify({ ok: false, problems: ['limits[0]: `x` occurs nowhere.'] });
  messages.push({ role: 'tool', parts: [{ kind: 'toolResult', callId: call!.id, ok: false, text: problems }] });
  const again = await ask(messages);
  const calls = toolCallsOf(again.message);
  expect(calls.map(({ name }) => name)).toEqual(['submit_report']);
  expect(calls[0]!.id).not.toBe(call!.id);
  expect(JSON.stringify(submissionOf(again))).toContain('left out');
  expect(submissionOf(again)!['limits']).not.toContain((call!.arguments['limits'] as string[])[0]);
});

test('a follow-up task starts anew with ids of its own', async () => {
  const { messages, last } = await play([user('Hello!')], () => listed);
  messages.push({
    role: 'tool',
    parts: [{ kind: 'toolResult', callId: toolCallsOf(last.message)[0]!.id, ok: true, text: '{}' }],
  });
  const { messages: all } = await play([...messages, user(task)], () => listed);
  const ids = all.flatMap(toolCallsOf).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('asked to wrap up, it submits what it has', async () => {
  const first = await ask([user(task)]);
  const answered: Message = {
    role: 'tool',
    parts: [{ kind: 'toolResult', callId: 't0c0', ok: true, text: JSON.stringify(listed.value) }],
  };
  const reply = await ask([user(task), first.message, answered, user(wrapUpRequest)]);
  expect(submissionOf(reply)).toMatchObject({
    limits: expect.arrayContaining([expect.stringContaining('a limit was reached')]),
  });
});

test('an aborted request is rejected', async () => {
  const request = { session: 's', turn: 0, model: 'builtin', system: '', tools, messages: [user(task)] };
  await expect(createBuiltinPlanner().complete(request, modelContext(AbortSignal.abort()))).rejects.toThrow('aborted');
});

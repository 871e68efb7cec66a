/** What only the Responses dialect has: sealed reasoning, effort, the parameters it refuses. */
import type { Message } from '../../../src/analysis/conversation.ts';
import { profileOf } from '../../../src/llm/profiles.ts';
import type { ModelRequest } from '../../../src/llm/provider.ts';
import { openOpenAiWorld, type OpenAiWorld } from '../../support/openai-world.ts';

type Body = { readonly input: readonly Record<string, unknown>[] } & Readonly<Record<string, unknown>>;

const question: Message = { role: 'user', parts: [{ kind: 'text', text: 'How many rows?' }] };
const call = { name: 'data_lake__query', arguments: { sql: 'SELECT 1' } };
const result: Message = { role: 'tool', parts: [{ kind: 'toolResult', callId: 'call_1_0', ok: true, text: '1' }] };

let world: OpenAiWorld;
beforeEach(async () => {
  world = await openOpenAiWorld('openai-responses');
});
afterEach(() => world.close());

const bodyOf = (number: number) => world.fake.ledger[number - 1]!.body as Body;
const typesOf = (number: number) => bodyOf(number).input.map(({ type }) => type ?? 'message');

test('the request keeps nothing at the provider and asks for sealed reasoning', async () => {
  world.fake.push({ text: 'x' });
  await world.ask({ maxOutputTokens: 1_000_000 });
  const { input, tools, ...rest } = bodyOf(1);
  expect(input).toHaveLength(1);
  expect(tools).toEqual([expect.objectContaining({ strict: false })]);
  expect(rest).toEqual({
    model: 'gpt-6.1-sol',
    stream: true,
    store: false,
    include: ['reasoning.encrypted_content'],
    instructions: 'You analyse data.',
    prompt_cache_key: 'session-1',
    reasoning: { effort: 'high', summary: 'auto' },
    max_output_tokens: 8_000,
  });
});

test('reasoning goes back sealed as it came when it was finished, before what it led to', async () => {
  world.fake.push({ reasoning: 'Hm.', calls: [call] }, { text: 'One.' });
  const { message } = await world.ask();
  await world.ask({ turn: 2, messages: [question, message, result] });
  expect(typesOf(2)).toEqual(['message', 'reasoning', 'function_call', 'function_call_output']);
  expect(bodyOf(2).input[1]).toMatchObject({ encrypted_content: 'sealed:gpt-6.1-sol:1' });
  world.fake.assertUsedUp();
});

test.each<[string, Partial<ModelRequest>]>([
  ['the system text', { system: 'You are another.' }],
  ['the tools', { tools: [] }],
])('reasoning is left out once %s changed', async (_, changed) => {
  world.fake.push({ reasoning: 'Hm.', calls: [call] }, { text: 'One.' });
  const { message } = await world.ask();
  await world.ask({ turn: 2, messages: [question, message, result], ...changed });
  expect(typesOf(2)).toEqual(['message', 'function_call', 'function_call_output']);
  world.fake.assertUsedUp();
});

test('reasoning of another model, of an edited conversation and without a follower is left out', async () => {
  world.fake.push({ reasoning: 'Hm.', calls: [call] }, { text: 'x' }, { text: 'x' }, { text: 'x' });
  const { message } = await world.ask();
  const foreign = message.parts.map((part) => (part.kind === 'opaque' ? { ...part, model: 'openai/other' } : part));
  const alone = message.parts.filter(({ kind }) => kind === 'opaque');
  const asked: Message = { role: 'user', parts: [{ kind: 'text', text: 'Another question.' }] };
  await world.ask({ messages: [question, { role: 'assistant', parts: foreign }, result] });
  await world.ask({ messages: [asked, message, result] });
  await world.ask({ messages: [question, { role: 'assistant', parts: alone }] });
  expect([2, 3, 4].map((number) => typesOf(number).includes('reasoning'))).toEqual([false, false, false]);
  world.fake.assertUsedUp();
});

test('reasoning that the provider rejects is forgotten, once', async () => {
  const fault = { kind: 'complaint', complaint: 'historyRejected' } as const;
  world.fake.push({ reasoning: 'Hm.', calls: [call] }, { fault }, { text: 'One.' }, { fault }, { fault });
  const { message } = await world.ask();
  const messages = [question, message, result];
  expect(await world.ask({ turn: 2, messages })).toMatchObject({ message: { parts: [{ text: 'One.' }] } });
  expect([2, 3].map((number) => typesOf(number).includes('reasoning'))).toEqual([true, false]);
  await expect(world.ask({ turn: 2, messages })).rejects.toMatchObject({ facts: { kind: 'HistoryRejected' } });
  expect(world.fake.ledger).toHaveLength(5);
});

test('an effort the model does not know becomes the next lower one, or its lowest', async () => {
  world.fake.push({ text: 'x' }, { text: 'x' });
  await world.ask({ effort: 'max' });
  await world.ask({ effort: 'none' });
  expect([1, 2].map((number) => bodyOf(number)['reasoning'])).toMatchObject([{ effort: 'xhigh' }, { effort: 'low' }]);
});

test('what an account is refused is left out, and never asked for again', async () => {
  await world.close();
  world = await openOpenAiWorld('openai-responses', { model: 'gpt-6-unverified' });
  world.fake.push({ text: 'x' }, { text: 'y' });
  await world.ask();
  await world.ask();
  expect(world.fake.ledger.map(({ outcome }) => outcome)).toEqual(['refused', 'answered', 'answered']);
  expect(bodyOf(3)['reasoning']).toEqual({ effort: 'high' });
});

test('an older model gets its temperature and no effort', async () => {
  await world.close();
  world = await openOpenAiWorld('openai-responses', profileOf('openai/gpt-4.1'));
  world.fake.push({ text: 'x' });
  await world.ask();
  expect(bodyOf(1)).toMatchObject({ temperature: 0.1 });
  expect(bodyOf(1)).not.toHaveProperty('reasoning');
  world.fake.assertUsedUp();
});

test.each(['openai/gpt-4.1', 'openai/house-model'])(
  '%s, which may not reason, is not asked for sealed reasoning, and its conversation goes on',
  async (ref) => {
    await world.close();
    world = await openOpenAiWorld('openai-responses', profileOf(ref));
    world.fake.push({ calls: [call] }, { text: 'One.' });
    const { message } = await world.ask();
    await world.ask({ turn: 2, messages: [question, message, result] });
    expect([1, 2].map((number) => 'include' in bodyOf(number))).toEqual([false, false]);
    world.fake.assertUsedUp();
  },
);

test('a model whose profile is wrong about its reasoning is asked once more without it', async () => {
  await world.close();
  world = await openOpenAiWorld('openai-responses', { model: 'gpt-4.1', efforts: [], reasoningReplay: 'encrypted' });
  world.fake.push({ text: 'x' }, { text: 'y' });
  await world.ask();
  await world.ask();
  expect(world.fake.ledger.map(({ outcome }) => outcome)).toEqual(['refused', 'answered', 'answered']);
  expect('include' in bodyOf(3)).toBe(false);
});

test('an answer that the provider interrupts is to be asked for again', async () => {
  world.fake.push({ text: 'So far', finish: 'paused' });
  expect(await world.ask()).toMatchObject({ finish: 'paused' });
});

test('without a key nothing is asked', async () => {
  await world.close();
  world = await openOpenAiWorld('openai-responses', {}, { apiKey: '' });
  await expect(world.ask()).rejects.toMatchObject({ facts: { kind: 'Auth' } });
  expect(world.fake.ledger).toHaveLength(0);
});

test('headers come from the endpoint and not from the environment', async () => {
  process.env['OPENAI_CUSTOM_HEADERS'] = 'Authorization: Bearer stolen\nX-Spy: yes';
  process.env['OPENAI_ORG_ID'] = 'org-spy';
  try {
    await world.close();
    world = await openOpenAiWorld('openai-responses', {}, { headers: { 'X-Team': 'data' } });
    world.fake.push({ text: 'x' });
    await world.ask();
  } finally {
    delete process.env['OPENAI_CUSTOM_HEADERS'];
    delete process.env['OPENAI_ORG_ID'];
  }
  const { headers } = world.fake.ledger[0]!;
  expect(headers).toMatchObject({ 'x-team': 'data' });
  expect(Object.keys(headers)).not.toContain('x-spy');
  expect(JSON.stringify(headers)).not.toContain('spy');
  world.fake.assertUsedUp();
});

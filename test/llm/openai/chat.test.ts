/** What only the Chat Completions dialect has: local servers with their own ideas, and OpenAI's own conditions. */
import { createCallCollector, type CallDelta } from '../../../src/llm/openai/chat-calls.ts';
import { openOpenAiWorld, type OpenAiWorld } from '../../support/openai-world.ts';

const calls = [
  { name: 'data_lake__query', arguments: { sql: 'SELECT 1' } },
  { name: 'data_lake__query', arguments: { sql: 'SELECT 2' } },
];

let world: OpenAiWorld;
beforeEach(async () => {
  world = await openOpenAiWorld('openai-chat');
});
afterEach(() => world.close());

const bodyOf = (number: number) => world.fake.ledger[number - 1]!.body as Readonly<Record<string, unknown>>;

test.each(['sameIndex', 'noIndex', 'noIds', 'saysStop'])(
  'parallel calls of a server with the quirk %s',
  async (quirk) => {
    world.fake.push({ calls, quirk });
    const { message, finish } = await world.ask();
    expect(finish).toBe('toolCalls');
    expect(message.parts.map((part) => (part.kind === 'toolCall' ? part.arguments : part))).toEqual(
      calls.map((call) => call.arguments),
    );
    expect(world.events.filter(({ kind }) => kind === 'tool')).toHaveLength(2);
  },
);

test.each<[string, CallDelta[], [string, string][]]>([
  [
    'an id that comes after the name',
    [
      { index: 0, function: { name: 'a' } },
      { index: 0, id: 'x', function: { arguments: '{}' } },
    ],
    [['a', '{}']],
  ],
  [
    'an id repeated with every piece',
    [
      { index: 0, id: 'x', function: { name: 'a', arguments: '{"p"' } },
      { index: 0, id: 'x', function: { name: 'a', arguments: ':1}' } },
    ],
    [['a', '{"p":1}']],
  ],
  [
    'pieces of two calls mixed',
    [
      { index: 0, id: 'x', function: { name: 'a', arguments: '{' } },
      { index: 1, id: 'y', function: { name: 'b', arguments: '{' } },
      { index: 0, function: { arguments: '}' } },
      { index: 1, function: { arguments: '}' } },
    ],
    [
      ['a', '{}'],
      ['b', '{}'],
    ],
  ],
  ['arguments as an object', [{ id: 'x', function: { name: 'a', arguments: { p: 1 } } }], [['a', '{"p":1}']]],
  [
    'empty ids',
    [
      { id: '', index: 0, function: { name: 'a' } },
      { id: '', index: 0, function: { arguments: '{}' } },
    ],
    [['a', '{}']],
  ],
])('%s', (_, deltas, expected) => {
  const collector = createCallCollector(() => {});
  for (const delta of deltas) collector.add(delta);
  expect(collector.calls.map(({ name, text }) => [name, text])).toEqual(expected);
});

test('a server that does not count is counted for', async () => {
  world.fake.push({ text: 'Seven.', quirk: 'noUsage' });
  const { usage } = await world.ask();
  expect(usage.inputTokens).toBeGreaterThan(20);
  expect(usage.outputTokens).toBeGreaterThan(0);
});

test('an answer that is whole survives the loss of its count', async () => {
  world.fake.push({ text: 'Seven.', fault: { kind: 'reset', afterEvents: 3 } });
  world.fake.push({ text: 'Eight.', fault: { kind: 'stall', afterEvents: 3, keepAlive: true } });
  expect(await world.ask()).toMatchObject({ finish: 'stop', message: { parts: [{ text: 'Seven.' }] } });
  expect(await world.ask()).toMatchObject({ finish: 'stop', message: { parts: [{ text: 'Eight.' }] } });
});

test('a stream without any choice is no answer', async () => {
  world.fake.push({ quirk: 'noChoices' });
  await expect(world.ask()).rejects.toMatchObject({ facts: { kind: 'BadEndpoint' } });
});

test('events that are not the protocol are named so', async () => {
  const headers = { 'content-type': 'text/event-stream' };
  world.fake.push(
    { fault: { kind: 'raw', status: 200, headers, body: 'data: {"hello":1}\n\n' } },
    { fault: { kind: 'raw', status: 200, headers, body: 'data: <html>\n\n' } },
  );
  await expect(world.ask()).rejects.toMatchObject({ facts: { kind: 'BadEndpoint' } });
  await expect(world.ask()).rejects.toMatchObject({ facts: { kind: 'BadEndpoint' } });
});

test('a local server gets the temperature, the old name of the limit and nothing it may not know', async () => {
  world.fake.push({ text: 'x' });
  await world.ask({ maxOutputTokens: 500 });
  const { messages, tools, ...rest } = bodyOf(1);
  expect(messages).toHaveLength(2);
  expect(tools).toHaveLength(1);
  expect(rest).toEqual({
    model: 'local-model',
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0.1,
    max_tokens: 500,
  });
});

test('OpenAI itself does not reason while it has tools, and does without them', async () => {
  await world.close();
  const efforts = ['none', 'low', 'medium', 'high', 'xhigh'] as const;
  world = await openOpenAiWorld('openai-chat', {
    model: 'gpt-5.6',
    endpoint: 'openai',
    efforts,
    temperature: 'refused',
  });
  world.fake.push({ text: 'x' }, { text: 'x' });
  await world.ask({ maxOutputTokens: 500 });
  await world.ask({ tools: [] });
  expect(bodyOf(1)).toMatchObject({ reasoning_effort: 'none', store: false, max_completion_tokens: 500 });
  expect(bodyOf(2)).toMatchObject({ reasoning_effort: 'high' });
  world.fake.assertUsedUp();
});

test('a server that cut the conversation to its window is not believed', async () => {
  const long = { role: 'user' as const, parts: [{ kind: 'text' as const, text: 'row '.repeat(10_000) }] };
  const usage = { input: 2_051, cached: 0, cacheWrite: 0, output: 5, reasoning: 0 };
  world.fake.push({ text: 'Yes.', usage }, { text: 'Yes.', usage: { ...usage, input: 10_100 } });
  await expect(world.ask({ messages: [long] })).rejects.toMatchObject({ facts: { kind: 'ContextTooLong' } });
  expect(await world.ask({ messages: [long] })).toMatchObject({ finish: 'stop' });
});

test('a local server needs no key, and one that is not there is said to be so', async () => {
  await world.close();
  const { baseUrl } = world.fake;
  world = await openOpenAiWorld('openai-chat', {}, { apiKey: '', baseUrl });
  await expect(world.ask()).rejects.toMatchObject({ facts: { kind: 'Network', retryable: false } });
});

test('an answer without end is given up', async () => {
  await world.close();
  world = await openOpenAiWorld('openai-chat', {}, {}, { maxAnswerCharacters: 2_000 });
  world.fake.push({ text: Array.from({ length: 50 }, () => 'x'.repeat(100)) });
  await expect(world.ask()).rejects.toMatchObject({ facts: { kind: 'BadOutput' } });
});

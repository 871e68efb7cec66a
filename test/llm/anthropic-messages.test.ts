import * as fc from 'fast-check';
import { createAnthropicMessages } from '../../src/llm/anthropic-messages.ts';
import { createAnswer } from '../../src/llm/anthropic/answer.ts';
import { profileOf } from '../../src/llm/profiles.ts';
import type { ModelRequest, StreamEvent } from '../../src/llm/provider.ts';
import { openFakeAnthropic } from '../support/fake-anthropic.ts';
import type { FakeModelServer, FakeTurn } from '../support/fake-model-server.ts';

const profile = profileOf('anthropic/claude-sonnet-5-5')!;
const key = 'planted-key-0123456789';
const request: ModelRequest = {
  session: 's',
  turn: 3,
  model: profile.ref,
  system: 'Be right.',
  tools: [{ name: 'lake.query', description: 'Ask.', inputSchema: { type: 'object' } }],
  messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Count.' }] }],
};

let server: FakeModelServer;
beforeEach(async () => {
  server = await openFakeAnthropic();
});
afterEach(() => server.close());

function ask(turn: FakeTurn, { signal = new AbortController().signal, emit = (_: StreamEvent) => {} } = {}) {
  server.push(turn);
  const endpoint = {
    name: 'anthropic',
    baseUrl: server.origin,
    apiKey: key,
    headers: { 'x-team': 'data' },
    local: true,
  };
  return createAnthropicMessages(profile, endpoint).complete(request, { signal, emit });
}

test('reasoning, words and calls arrive as parts, and live as they come', async () => {
  const seen: StreamEvent[] = [];
  const calls = [
    { name: 'lake_query_0', arguments: { sql: 'SELECT 1' } },
    { name: 'lake_query_0', arguments: '{"sql":' },
  ];
  const reply = await ask(
    { reasoning: 'Hm.', text: ['Let me ', 'look.'], calls, quirk: 'unknown events' },
    { emit: (event) => seen.push(event) },
  );
  expect(reply).toMatchObject({
    finish: 'toolCalls',
    servedModel: 'claude-sonnet-5-5',
    requestId: 'req_1',
    message: {
      parts: [
        { kind: 'opaque', dialect: 'anthropic-messages', model: 'claude-sonnet-5-5', payload: { thinking: 'Hm.' } },
        { kind: 'text', text: 'Let me look.' },
        { kind: 'toolCall', id: 'toolu_1_0', name: 'lake_query_0', arguments: { sql: 'SELECT 1' } },
        { kind: 'toolCall', id: 'toolu_1_1', arguments: {}, problem: expect.stringContaining('not valid JSON') },
      ],
    },
  });
  expect(seen).toEqual([
    { kind: 'reasoning', delta: 'Hm.' },
    { kind: 'text', delta: 'Let me ' },
    { kind: 'text', delta: 'look.' },
    { kind: 'tool', name: 'lake_query_0' },
    { kind: 'tool', name: 'lake_query_0' },
  ]);
  server.assertUsedUp();
});

test('a tool is called by the name it was offered under', async () => {
  const { tools } = (await asked()) as { tools: { name: string }[] };
  const reply = await ask({ calls: [{ name: tools[0]!.name, arguments: {} }] });
  expect(reply.message.parts).toMatchObject([{ name: 'lake.query' }]);
});

async function asked(): Promise<unknown> {
  await ask({ text: 'Three.' });
  return server.ledger[0]?.body;
}

const misleading = {
  ANTHROPIC_CUSTOM_HEADERS: 'authorization: Bearer other\nx-other: 1\nanthropic-beta: other',
  ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
  ANTHROPIC_API_KEY: 'other',
  ANTHROPIC_AUTH_TOKEN: 'other',
};

test('the key goes where it belongs, with the headers of the endpoint and none of the environment', async () => {
  const before = { ...process.env };
  Object.assign(process.env, misleading);
  try {
    await ask({ text: 'Three.' });
  } finally {
    process.env = before;
  }
  const { headers } = server.ledger[0]!;
  expect(headers).toMatchObject({
    authorization: `Bearer ${key}`,
    'x-team': 'data',
    'anthropic-version': '2026-10-21',
  });
  for (const name of ['x-api-key', 'x-other', 'anthropic-beta']) expect(headers).not.toHaveProperty(name);
});

test('an address that does not speak TLS is a network failure, and on this machine nobody is asked twice', async () => {
  const secure = { name: 'local', baseUrl: server.origin.replace('http:', 'https:'), apiKey: key, headers: {} };
  const context = { signal: new AbortController().signal, emit: () => {} };
  const tls = createAnthropicMessages(profile, { ...secure, local: false }).complete(request, context);
  await expect(tls).rejects.toMatchObject({ type: 'Model.Network' });
  const gone = await openFakeAnthropic();
  await gone.close();
  const closed = { ...secure, baseUrl: gone.origin, local: true };
  const refused = createAnthropicMessages(profile, closed).complete(request, context);
  await expect(refused).rejects.toMatchObject({ type: 'Model.Network', facts: { retryable: false } });
});

test('reasoning that the provider rejects is left out, once', async () => {
  const thinking = await ask({ reasoning: 'Hm.', text: 'Three.' });
  const messages: ModelRequest['messages'] = [
    ...request.messages,
    thinking.message,
    { role: 'user', parts: [{ kind: 'text', text: 'And now?' }] },
  ];
  server.push({ fault: { kind: 'complaint', complaint: 'historyRejected' } }, { text: 'Four.' });
  const endpoint = { name: 'anthropic', baseUrl: server.origin, apiKey: key, headers: {}, local: false };
  const reply = await createAnthropicMessages(profile, endpoint).complete(
    { ...request, messages },
    { signal: new AbortController().signal, emit: () => {} },
  );
  expect(reply.message.parts).toEqual([{ kind: 'text', text: 'Four.' }]);
  const [, withReasoning, without] = server.ledger.map(({ body }) => JSON.stringify(body));
  expect(withReasoning).toContain('"type":"thinking","thinking":"Hm."');
  expect(without).not.toContain('Hm.');
  server.assertUsedUp();
});

test.each<[FakeTurn['finish'], string, number]>([
  ['stop', 'toolCalls', 2],
  ['toolCalls', 'toolCalls', 2],
  ['length', 'length', 1],
  ['contextFull', 'contextFull', 1],
  ['refusal', 'refusal', 1],
])('an answer with a call that ended by %s', async (finish, expected, parts) => {
  const reply = await ask({
    text: 'So.',
    calls: [{ name: 'x', arguments: { sql: 'dele' } }],
    ...(finish && { finish }),
  });
  expect(reply.finish).toBe(expected);
  expect(reply.message.parts).toHaveLength(parts);
});

test('a refusal says its category, a pause that there is more', async () => {
  expect(await ask({ finish: 'refusal', refusal: 'cyber' })).toMatchObject({ finish: 'refusal', refusal: 'cyber' });
  expect(await ask({ text: 'Wait.', finish: 'paused' })).toMatchObject({ finish: 'paused' });
});

test('tokens are counted with the cached ones in the input', async () => {
  const usage = { input: 1_000, cached: 700, cacheWrite: 200, output: 50, reasoning: 30 };
  expect((await ask({ text: 'Three.', usage })).usage).toEqual({
    inputTokens: 1_000,
    cachedInputTokens: 700,
    cacheWriteTokens: 200,
    outputTokens: 50,
    reasoningTokens: 30,
  });
});

test('an interrupted answer is none, and its connection is closed', async () => {
  const interrupt = new AbortController();
  const reason = new Error('interrupted');
  const answer = ask(
    { text: ['a', 'b'], fault: { kind: 'stall', afterEvents: 4 } },
    { signal: interrupt.signal, emit: () => interrupt.abort(reason) },
  );
  await expect(answer).rejects.toBe(reason);
  await server.ledger[0]!.over;
  expect(server.ledger[0]!.outcome).toBe('aborted');
});

test('without a key nothing is asked', async () => {
  const endpoint = { name: 'anthropic', baseUrl: server.origin, apiKey: '', headers: {}, local: false };
  const answer = createAnthropicMessages(profile, endpoint).complete(request, {
    signal: new AbortController().signal,
    emit: () => {},
  });
  await expect(answer).rejects.toMatchObject({ type: 'Model.Auth', message: expect.stringContaining('dpa models') });
  expect(server.ledger).toEqual([]);
});

function read(...events: readonly object[]) {
  const answer = createAnswer({
    where: { endpoint: 'fake', model: 'm' },
    tokens: { cachedInput: 'apart' },
    prefixHash: 'p',
    neutralName: (name) => name,
    neutralId: (id) => id!,
    emit: () => {},
  });
  for (const event of events) answer.read(event);
  return answer.reply(undefined);
}

test('what the provider needed for its own compaction is counted too', () => {
  const iterations = [
    { input_tokens: 180, output_tokens: 3, cache_read_input_tokens: 20 },
    { input_tokens: 23, output_tokens: 5, cache_creation_input_tokens: 4 },
  ];
  const delta = { stop_reason: 'end_turn' };
  const { usage } = read({ type: 'message_delta', delta, usage: { input_tokens: 23, output_tokens: 5, iterations } });
  expect(usage).toEqual({ inputTokens: 227, outputTokens: 8, cachedInputTokens: 20, cacheWriteTokens: 4 });
});

test.each([
  [undefined, 'Model.TruncatedStream'],
  ['tired', 'Model.Unclassified'],
])('an answer that stopped for %s is not used', (stop_reason, type) => {
  expect(() => read({ type: 'message_delta', delta: { stop_reason } })).toThrow(expect.objectContaining({ type }));
});

test('however the pieces are cut, the call is the same', () => {
  const whole = { sql: 'SELECT "ä" FROM t', nested: { a: [1, null] } };
  const text = JSON.stringify(whole);
  const cuts = fc.array(fc.nat(text.length), { maxLength: 6 }).map((points) => [0, ...points.sort((a, b) => a - b)]);
  fc.assert(
    fc.property(cuts, (points) => {
      const pieces = points.map((from, index) => text.slice(from, points[index + 1]));
      const { message } = read(
        { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'c', name: 'q', input: {} } },
        ...pieces.map((partial_json) => ({
          type: 'content_block_delta',
          index: 1,
          delta: { type: 'input_json_delta', partial_json },
        })),
        { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      );
      expect(message.parts).toEqual([{ kind: 'toolCall', id: 'c', name: 'q', arguments: whole }]);
    }),
  );
});

/** All three dialects through LiteLLM's proxy, a real server that nobody here wrote, to each kind of provider behind it. */
import type { Message, ToolCall } from '../../src/analysis/conversation.ts';
import { toolCallsOf } from '../../src/analysis/conversation.ts';
import { createAnthropicMessages } from '../../src/llm/anthropic-messages.ts';
import { windowOf } from '../../src/llm/listed-models.ts';
import { createOpenAiChat } from '../../src/llm/openai-chat.ts';
import { createOpenAiResponses } from '../../src/llm/openai-responses.ts';
import { profileOf } from '../../src/llm/profiles.ts';
import type { ModelProvider, ModelReply, StreamEvent } from '../../src/llm/provider.ts';
import { openLiteLlm, type LiteLlm } from '../support/components/litellm.ts';
import { openFakeAnthropic } from '../support/fake-anthropic.ts';
import type { FakeModelServer, FakeTurn } from '../support/fake-model-server.ts';
import { fakeKey, openFakeOpenAi } from '../support/fake-openai.ts';
import { requestOf } from '../support/openai-world.ts';

const fronts = {
  'openai-chat': { create: createOpenAiChat, profile: profileOf('local/any')! },
  'openai-responses': { create: createOpenAiResponses, profile: profileOf('openai/any')! },
  'anthropic-messages': { create: createAnthropicMessages, profile: profileOf('anthropic/any')! },
} as const;

type Front = keyof typeof fronts;

/** As LiteLLM writes it, with what it would leave out: not to keep what was asked, and the key where the fake looks. */
const behind = {
  chat: { model: 'lm_studio/local-model', windowTokens: 48_000 },
  responses: { model: 'openai/responses/gpt-6.1-sol', more: { extra_body: { store: false } } },
  messages: {
    model: 'anthropic/claude-sonnet-5-5',
    more: { extra_headers: { authorization: `Bearer ${fakeKey}` } },
  },
} as const;

type Backend = keyof typeof behind;

const pairs = (Object.keys(fronts) as Front[]).flatMap((front) =>
  (Object.keys(behind) as Backend[]).map((backend): [Front, Backend] => [front, backend]),
);

type Fake = FakeModelServer & { readonly apiBase: string };

const fakes = new Map<string, Fake>();
let proxy: LiteLlm;

beforeAll(async () => {
  for (const [front, backend] of pairs) fakes.set(`${front}-${backend}`, await openFake(front, backend));
  proxy = await openLiteLlm(
    pairs.map(([front, backend]) => {
      const name = `${front}-${backend}`;
      return { name, apiBase: fakes.get(name)!.apiBase, apiKey: fakeKey, ...behind[backend] };
    }),
  );
});

afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]();
  await Promise.all([...fakes.values()].map((fake) => fake.close()));
});

async function openFake(front: Front, backend: Backend): Promise<Fake> {
  if (backend !== 'messages') {
    const fake = await openFakeOpenAi();
    return { ...fake, apiBase: fake.baseUrl };
  }
  // Handed on, the version is ours; where the proxy translates, it says an older one.
  const fake = await openFakeAnthropic(front === 'anthropic-messages' ? {} : { version: '2023-06-01' });
  return { ...fake, apiBase: fake.origin };
}

const first: FakeTurn = {
  reasoning: 'Hm.',
  text: ['Let me ', 'look.'],
  calls: [
    { name: 'data_lake__query', arguments: { sql: 'SELECT 1' } },
    { name: 'data_lake__query', arguments: { sql: 'SELECT 2' } },
  ],
};

test.each(pairs)('%s to %s: words, parallel calls and their results', async (front, backend) => {
  const fake = fakes.get(`${front}-${backend}`)!;
  const provider = providerOf(front, backend);
  const asked = requestOf();
  fake.push(first, { text: ['There are ', 'two.'] });
  const seen: StreamEvent[] = [];
  const called = await ask(provider, asked.messages, (event) => seen.push(event));
  expect(called).toMatchObject({ finish: 'toolCalls' });
  expect(textIn(called)).toBe('Let me look.');
  const calls = toolCallsOf(called.message);
  expect(calls.map(({ name, arguments: given }) => [name, given['sql']])).toEqual([
    ['data_lake__query', 'SELECT 1'],
    ['data_lake__query', 'SELECT 2'],
  ]);
  expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
  expect(seen.filter(({ kind }) => kind === 'text').length).toBeGreaterThan(1);
  expect(called.usage.inputTokens).toBe(100);
  expect(called.usage.outputTokens).toBe(20);

  const answered = await ask(provider, [...asked.messages, called.message, resultsOf(calls)]);
  expect(answered).toMatchObject({ finish: 'stop' });
  expect(textIn(answered)).toBe('There are two.');
  // What only this proxy hands on to a model that does not take it is refused once and not sent again.
  const refused = front === 'anthropic-messages' && backend === 'chat' ? ['refused'] : [];
  expect(fake.ledger.map(({ outcome }) => outcome)).toEqual([...refused, 'answered', 'answered']);
});

test.each<[Front, FakeTurn, string]>([
  ['openai-chat', { fault: { kind: 'complaint', complaint: 'rateLimited' } }, 'Model.RateLimited'],
  ['openai-responses', { fault: { kind: 'complaint', complaint: 'quota' } }, 'Model.Billing'],
  ['openai-chat', { fault: { kind: 'complaint', complaint: 'contextTooLong' } }, 'Model.ContextTooLong'],
  ['openai-responses', { fault: { kind: 'complaint', complaint: 'overloaded' } }, 'Model.Overloaded'],
  ['openai-chat', { fault: { kind: 'complaint', complaint: 'auth' } }, 'Model.Auth'],
  ['openai-chat', { fault: { kind: 'complaint', complaint: 'contentPolicy' } }, 'Model.Refused'],
])('%s: what fails behind the proxy fails by its own kind', async (front, turn, type) => {
  const backend = front === 'openai-chat' ? 'chat' : 'responses';
  fakes.get(`${front}-${backend}`)!.push(turn);
  await expect(ask(providerOf(front, backend), requestOf().messages)).rejects.toMatchObject({ type });
});

test.each<[Front, Backend]>([
  ['openai-chat', 'chat'],
  ['openai-responses', 'responses'],
  ['anthropic-messages', 'messages'],
])('%s: an answer that breaks behind the proxy is none', async (front, backend) => {
  fakes.get(`${front}-${backend}`)!.push({ text: ['a', 'b', 'c'], fault: { kind: 'reset', afterEvents: 4 } });
  await expect(ask(providerOf(front, backend), requestOf().messages)).rejects.toMatchObject({
    type: expect.stringMatching(/^Model\.(?:TruncatedStream|Server|Network)$/) as string,
  });
});

test('what a model reads is known from its proxy', async () => {
  const endpoint = { name: 'local', baseUrl: `${proxy.origin}/v1`, apiKey: proxy.apiKey, headers: {}, local: true };
  expect(await windowOf(endpoint, 'openai-chat-chat')).toBe(48_000);
});

function providerOf(front: Front, backend: Backend): ModelProvider {
  const { create, profile } = fronts[front];
  const named = { ...profile, model: `${front}-${backend}` };
  const endpoint = { name: profile.endpoint, baseUrl: `${proxy.origin}/v1`, apiKey: proxy.apiKey, headers: {} };
  return create(named, { ...endpoint, local: false });
}

function ask(
  provider: ModelProvider,
  messages: readonly Message[],
  emit: (event: StreamEvent) => void = () => undefined,
): Promise<ModelReply> {
  const signal = AbortSignal.timeout(60_000);
  return provider.complete(requestOf({ messages, turn: messages.length }), { signal, emit });
}

function textIn({ message }: ModelReply): string {
  return message.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('');
}

function resultsOf(calls: readonly ToolCall[]): Message {
  return {
    role: 'tool',
    parts: calls.map(({ id }) => ({ kind: 'toolResult', callId: id, ok: true, text: '{"ok":true}' })),
  };
}

/** Chat Completions of llama.cpp, a real server that nobody here wrote. */
import { createOpenAiChat } from '../../src/llm/openai-chat.ts';
import { listModels } from '../../src/llm/listed-models.ts';
import type { Endpoint } from '../../src/llm/profile.ts';
import { profileOf } from '../../src/llm/profiles.ts';
import type { ModelReply, ModelRequest, StreamEvent } from '../../src/llm/provider.ts';
import { openLlamaCpp, type LlamaCpp } from '../support/components/llama-cpp.ts';
import { requestOf } from '../support/openai-world.ts';

let server: LlamaCpp;
let endpoint: Endpoint;

beforeAll(async () => {
  server = await openLlamaCpp();
  endpoint = { name: 'local', baseUrl: server.baseUrl, apiKey: 'none', headers: {}, local: true };
});

afterAll(() => server?.[Symbol.asyncDispose]());

function ask(request: Partial<ModelRequest>, emit: (event: StreamEvent) => void = () => {}): Promise<ModelReply> {
  const provider = createOpenAiChat(profileOf(`local/${server.model}`)!, endpoint);
  return provider.complete(requestOf(request), { signal: AbortSignal.timeout(60_000), emit });
}

test('words come one by one, with tools offered, and end where there is no more room', async () => {
  const seen: StreamEvent[] = [];
  const reply = await ask({ maxOutputTokens: 12 }, (event) => seen.push(event));
  expect(reply).toMatchObject({ finish: 'length', servedModel: 'tiny' });
  expect(seen.length).toBeGreaterThan(3);
  expect(seen.map((event) => (event.kind === 'text' ? event.delta : '')).join('')).toBe(
    reply.message.parts.map((part) => (part.kind === 'text' ? part.text : '')).join(''),
  );
  // It counts nothing in a stream: the guess is not zero.
  expect(reply.usage.inputTokens).toBeGreaterThan(0);
});

test('results of calls are taken back', async () => {
  const reply = await ask({
    maxOutputTokens: 4,
    messages: [
      { role: 'user', parts: [{ kind: 'text', text: 'Count.' }] },
      { role: 'assistant', parts: [{ kind: 'toolCall', id: 'c1', name: 'data_lake__query', arguments: { sql: '1' } }] },
      { role: 'tool', parts: [{ kind: 'toolResult', callId: 'c1', ok: true, text: '{"ok":true}' }] },
    ],
  });
  expect(reply.finish).toBe('length');
});

// This server closes the connection without a word: all that can be told is that there is no answer.
test('a conversation that is longer than its window is not taken for answered', async () => {
  const messages = [{ role: 'user' as const, parts: [{ kind: 'text' as const, text: 'Count. '.repeat(1_000) }] }];
  await expect(ask({ messages })).rejects.toMatchObject({ type: 'Model.TruncatedStream' });
});

test('it says which models it has', async () => {
  expect(await listModels(endpoint)).toMatchObject({ kind: 'listed', models: [{ id: 'tiny' }] });
});

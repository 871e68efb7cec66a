/** Profiles, requests and a provider of either OpenAI dialect over one strict fake server. */
import { createOpenAiChat } from '../../src/llm/openai-chat.ts';
import { createOpenAiResponses } from '../../src/llm/openai-responses.ts';
import type { Endpoint, ModelProfile } from '../../src/llm/profile.ts';
import type { ModelProvider, ModelReply, ModelRequest, StreamEvent, ToolSpec } from '../../src/llm/provider.ts';
import type { StreamLimits } from '../../src/llm/stream-guard.ts';
import { fakeKey, openFakeOpenAi, type FakeOpenAi } from './fake-openai.ts';

export type OpenAiDialect = 'openai-responses' | 'openai-chat';

/** Short enough to wait for, long enough for a busy machine. */
const impatient: Partial<StreamLimits> = { firstEventMs: 400, contentIdleMs: 400, trailingMs: 100 };

export const queryTool: ToolSpec = {
  name: 'data_lake__query',
  description: 'Runs SQL.',
  inputSchema: { type: 'object', properties: { sql: { type: 'string' } }, required: ['sql'] },
};

export function profileOf(dialect: OpenAiDialect, more: Partial<ModelProfile> = {}): ModelProfile {
  const responses = dialect === 'openai-responses';
  const model = more.model ?? (responses ? 'gpt-6.1-sol' : 'local-model');
  const endpoint = responses ? 'openai' : 'local';
  return {
    ref: `${endpoint}/${model}`,
    dialect,
    model,
    endpoint,
    inputWindow: 100_000,
    maxOutput: 8_000,
    temperature: responses ? 'refused' : 'allowed',
    efforts: responses ? ['low', 'medium', 'high', 'xhigh'] : [],
    structuredOutput: true,
    parallelTools: true,
    tokens: { charactersPerToken: 2, cachedInput: 'included' },
    reasoningReplay: responses ? 'encrypted' : 'none',
    known: true,
    ...more,
  };
}

export function requestOf(more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    session: 'session-1',
    turn: 1,
    model: 'any',
    system: 'You analyse data.',
    tools: [queryTool],
    messages: [{ role: 'user', parts: [{ kind: 'text', text: 'How many rows?' }] }],
    ...more,
  };
}

export type OpenAiWorld = {
  readonly fake: FakeOpenAi;
  readonly provider: ModelProvider;
  readonly events: StreamEvent[];
  ask(request?: Partial<ModelRequest>, signal?: AbortSignal): Promise<ModelReply>;
  close(): Promise<void>;
};

export async function openOpenAiWorld(
  dialect: OpenAiDialect,
  profile: Partial<ModelProfile> = {},
  endpoint: Partial<Endpoint> = {},
  limits: Partial<StreamLimits> = impatient,
): Promise<OpenAiWorld> {
  const fake = await openFakeOpenAi();
  const full = profileOf(dialect, profile);
  const reached: Endpoint = {
    name: full.endpoint,
    baseUrl: fake.baseUrl,
    apiKey: fakeKey,
    headers: {},
    local: full.endpoint !== 'openai',
    ...endpoint,
  };
  const create = dialect === 'openai-responses' ? createOpenAiResponses : createOpenAiChat;
  const provider = create(full, reached, limits);
  const events: StreamEvent[] = [];
  const ask: OpenAiWorld['ask'] = (request, signal = new AbortController().signal) =>
    provider.complete(requestOf(request), { signal, emit: (event) => void events.push(event) });
  return { fake, provider, events, ask, close: () => fake.close() };
}

/** What servers say of their models is taken, what they do not say changes nothing, and failing ones cost only their time. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fillFromAnthropic, listModels, windowOf } from '../../src/llm/listed-models.ts';
import { endpointsFrom } from '../../src/llm/endpoints.ts';
import { anyModel } from '../../src/llm/model-policy.ts';
import { createModels, filled } from '../../src/llm/models.ts';
import type { Endpoint } from '../../src/llm/profile.ts';
import { profileOf } from '../../src/llm/profiles.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** `pages`: instead of the body, by path. */
type Answer = {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  never?: boolean;
  pages?: Record<string, unknown>;
};

async function endpointOf(name: Endpoint['name'], answer: Answer, seen: string[] = []): Promise<Endpoint> {
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization} ${String(request.headers['anthropic-version'])}`);
    if (answer.never === true) return;
    const page = answer.pages === undefined ? (answer.body ?? {}) : answer.pages[request.url ?? ''];
    response.writeHead(page === undefined ? 404 : (answer.status ?? 200), answer.headers ?? {});
    response.end(typeof page === 'string' ? page : JSON.stringify(page ?? {}));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const baseUrl = name === 'anthropic' ? origin : `${origin}/v1`;
  return { name, baseUrl, apiKey: 'key-0123456789', headers: {}, local: true };
}

const sonnet = {
  id: 'claude-sonnet-5-5',
  max_input_tokens: 2_000_000,
  max_tokens: 64_000,
  capabilities: {
    effort: {
      supported: true,
      low: { supported: true },
      high: { supported: true },
      max: { supported: false },
      xhigh: null,
    },
    structured_outputs: { supported: false },
  },
};

test("Anthropic's list fills the profile, known or not", async () => {
  const seen: string[] = [];
  const endpoint = await endpointOf('anthropic', { body: { data: [sonnet, { ...sonnet, id: 'claude-new' }] } }, seen);
  const profile = await filled(profileOf('anthropic/claude-sonnet-5-5')!, endpoint);
  expect(profile).toMatchObject({
    inputWindow: 2_000_000,
    maxOutput: 64_000,
    efforts: ['low', 'high'],
    structuredOutput: false,
    price: { input: 2 },
  });
  expect(seen).toEqual(['/v1/models?limit=1000 Bearer key-0123456789 2026-10-21']);
  expect(await filled(profileOf('anthropic/claude-new')!, endpoint)).toMatchObject({ known: true, maxOutput: 64_000 });
});

test('what the list leaves out, or says wrongly, changes nothing', () => {
  const profile = profileOf('anthropic/claude-opus-5-5')!;
  expect(fillFromAnthropic(profile, [])).toEqual(profile);
  const odd = { id: profile.model, max_input_tokens: null, max_tokens: -1, capabilities: null };
  expect(fillFromAnthropic(profile, [{ id: profile.model, entry: odd }])).toEqual(profile);
});

test.each<[string, Answer, RegExp]>([
  ['a web page', { body: '<html>' }, /web page/],
  ['no JSON', { body: 'ok' }, /not JSON/],
  ['other JSON', { body: { status: 'ok' } }, /no list of models/],
  ['a refused key', { status: 401, body: {} }, /refuses the key/],
  ['an error', { status: 500, body: {} }, /status 500/],
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, /redirects/],
])('%s is told as a sentence and changes no profile', async (_, answer, words) => {
  const endpoint = await endpointOf('anthropic', answer);
  expect(await listModels(endpoint)).toMatchObject({ kind: 'failed', why: expect.stringMatching(words) });
  const profile = profileOf('anthropic/claude-opus-5-5')!;
  expect(await filled(profile, endpoint)).toEqual(profile);
});

test('silence is given up, and nobody listening is seen at once', async () => {
  const silent = await endpointOf('local', { never: true });
  expect(await listModels(silent, 50)).toEqual({
    kind: 'failed',
    why: 'does not answer within 0.05 s',
    isWrong: false,
  });
  const nobody = await endpointOf('local', {});
  await new Promise((resolve) => servers.pop()?.close(resolve));
  expect(await listModels(nobody)).toMatchObject({ kind: 'failed', why: expect.stringMatching(/nothing listens/) });
});

test('the window of a local model comes from its server', async () => {
  const data = [{ id: 'm', max_model_len: 40_000 }, { id: 'other' }];
  const endpoint = await endpointOf('local', { body: { object: 'list', data } });
  expect(await windowOf(endpoint, 'm')).toBe(40_000);
  expect(await windowOf(endpoint, 'other')).toBeUndefined();
  expect(await filled(profileOf('local/m')!, endpoint)).toMatchObject({ inputWindow: 40_000, maxOutput: 4_096 });
});

const named = (id: string, more = {}) => ({ '/v1/models': { object: 'list', data: [{ id, ...more }] } });

test.each<[string, Record<string, unknown>, number | undefined]>([
  [
    'llama.cpp, what each of its slots gets',
    {
      ...named('m', { meta: { n_ctx_train: 131_072, n_ctx: 65_536 } }),
      '/props': { default_generation_settings: { n_ctx: 16_384 } },
    },
    16_384,
  ],
  ['llama.cpp that shows no properties', named('m', { meta: { n_ctx_train: 131_072, n_ctx: 65_536 } }), 65_536],
  ['llama.cpp that tells only how it was trained', named('m', { meta: { n_ctx_train: 131_072 } }), undefined],
  [
    "LiteLLM's proxy, the smallest of those behind the name",
    {
      ...named('m'),
      '/model/info': {
        data: [
          { model_name: 'm', model_info: { max_input_tokens: 400_000 } },
          { model_name: 'm', model_info: { max_input_tokens: 200_000 } },
          { model_name: 'other', model_info: { max_input_tokens: 8_000 } },
        ],
      },
    },
    200_000,
  ],
  [
    "LiteLLM's proxy that knows nothing of the model",
    { ...named('m'), '/model/info': { data: [{ model_name: 'm', model_info: { max_input_tokens: null } }] } },
    undefined,
  ],
])('the window of %s', async (_, pages, window) => {
  const endpoint = await endpointOf('local', { pages });
  expect(await windowOf(endpoint, 'm')).toBe(window);
});

test('the project has the last word: its window, room, temperature and efforts stand above those of the server', async () => {
  const data = [{ id: 'm', max_model_len: 40_000 }];
  const endpoint = await endpointOf('local', { body: { object: 'list', data } });
  const profiles = { 'local/m': { inputWindow: 30_000, temperature: 'refused', efforts: ['low', 'high'] } } as const;
  expect(await filled(profileOf('local/m')!, endpoint, { ...anyModel, profiles })).toMatchObject({
    inputWindow: 30_000,
    maxOutput: 4_096,
    temperature: 'refused',
    efforts: ['low', 'high'],
    known: true,
  });
});

test('what a worker knows of its candidates is what their servers say, asked once', async () => {
  const seen: string[] = [];
  const endpoint = await endpointOf('anthropic', { body: { data: [sonnet] } }, seen);
  const environment = { ANTHROPIC_API_KEY: 'any-key-at-all', ANTHROPIC_BASE_URL: endpoint.baseUrl };
  const { profileFor, modelFor } = createModels(endpointsFrom(environment, '/'), '');
  const ref = 'anthropic/claude-sonnet-5-5';
  const profiles = await Promise.all([profileFor(ref), profileFor(ref)]);
  for (const profile of [...profiles, (await modelFor(ref)).profile])
    expect(profile).toMatchObject({ inputWindow: 2_000_000, maxOutput: 64_000, price: { input: 2 } });
  expect(seen).toHaveLength(1);
  // Without a key nobody is asked, and what the program knows counts.
  expect(await profileFor('openai/gpt-5.5')).toMatchObject({ inputWindow: 1_000_000 });
  expect(await profileFor('nobody')).toBeUndefined();
});

test('a local server that was away at first is asked again', async () => {
  const pages: Record<string, unknown> = {};
  const endpoint = await endpointOf('local', { pages });
  const { profileFor } = createModels(endpointsFrom({ DPA_LOCAL_BASE_URL: endpoint.baseUrl }, '/'), '');
  expect(await profileFor('local/m')).toMatchObject({ inputWindow: 8_192, known: false });
  Object.assign(pages, named('m', { max_model_len: 40_000 }));
  expect(await profileFor('local/m')).toMatchObject({ inputWindow: 40_000, known: true });
});

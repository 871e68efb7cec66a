/** What servers say of their models is taken, what they do not say changes nothing, and failing ones cost only their time. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fillFromAnthropic, listModels, windowOf } from '../../src/llm/listed-models.ts';
import { filled } from '../../src/llm/models.ts';
import type { Endpoint } from '../../src/llm/profile.ts';
import { profileOf } from '../../src/llm/profiles.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Answer = { status?: number; headers?: Record<string, string>; body?: unknown; never?: boolean };

async function endpointOf(name: Endpoint['name'], answer: Answer, seen: string[] = []): Promise<Endpoint> {
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization} ${String(request.headers['anthropic-version'])}`);
    if (answer.never === true) return;
    response.writeHead(answer.status ?? 200, answer.headers ?? {});
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}));
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

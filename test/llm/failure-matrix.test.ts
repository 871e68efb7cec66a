/** Every dialect against every fault: the right kind, tried again or not, without a secret, in time, with nothing left open. */
import { toApplicationFailure } from '../../src/activities/failures.ts';
import { maxWaitMs } from '../../src/analysis/model-retries.ts';
import { createAnthropicMessages } from '../../src/llm/anthropic-messages.ts';
import { ModelFailure, type ModelFailureKind } from '../../src/llm/model-failure.ts';
import { profileOf } from '../../src/llm/profiles.ts';
import type { ModelProvider, ModelRequest } from '../../src/llm/provider.ts';
import type { StreamLimits } from '../../src/llm/stream-guard.ts';
import { openFakeAnthropic } from '../support/fake-anthropic.ts';
import type { FakeModelServer, Fault } from '../support/fake-model-server.ts';
import { fakeKey } from '../support/fake-openai.ts';
import { openOpenAiWorld, type OpenAiDialect } from '../support/openai-world.ts';

const prompt = 'The customers of the northern region and all they bought';

const request: ModelRequest = {
  session: 's',
  turn: 1,
  model: 'any',
  system: 'Be right.',
  tools: [],
  messages: [{ role: 'user', parts: [{ kind: 'text', text: prompt }] }],
};

type World = { readonly server: FakeModelServer; readonly provider: ModelProvider };

const dialects: Readonly<Record<string, (limits: Partial<StreamLimits>) => Promise<World>>> = {
  'anthropic-messages': async (limits) => {
    const server = await openFakeAnthropic({ quoted: `"${prompt}" ${fakeKey}` });
    const endpoint = { name: 'anthropic', baseUrl: server.origin, apiKey: fakeKey, headers: {}, local: false };
    return { server, provider: createAnthropicMessages(profileOf('anthropic/claude-sonnet-5-5')!, endpoint, limits) };
  },
  'openai-responses': (limits) => openAiWorld('openai-responses', limits),
  'openai-chat': (limits) => openAiWorld('openai-chat', limits),
};

async function openAiWorld(dialect: OpenAiDialect, limits: Partial<StreamLimits>): Promise<World> {
  const { fake, provider } = await openOpenAiWorld(dialect, {}, { local: false }, limits);
  return { server: fake, provider };
}

const complaint = (name: Extract<Fault, { kind: 'complaint' }>['complaint'], more = {}): Fault => ({
  kind: 'complaint',
  complaint: name,
  ...more,
});
const tooLong = String(maxWaitMs / 1_000 + 1);
const echo = { error: { type: 'invalid_request_error', message: `messages: "${prompt}" with ${fakeKey} is wrong` } };

type Row = readonly [fault: string, Fault, ModelFailureKind, retried: boolean, facts?: object];

const rows: readonly Row[] = [
  [
    'too many requests',
    complaint('rateLimited', { headers: { 'retry-after': '7' } }),
    'RateLimited',
    true,
    { retryAfterMs: 7_000 },
  ],
  ['too many for long', complaint('rateLimited', { headers: { 'retry-after': tooLong } }), 'RateLimited', false],
  [
    'too many, in ms',
    complaint('rateLimited', { headers: { 'retry-after-ms': '90' } }),
    'RateLimited',
    true,
    { retryAfterMs: 90 },
  ],
  ['no money', complaint('quota'), 'Billing', false],
  ['overload', complaint('overloaded'), 'Overloaded', true],
  ['overload after 200', complaint('overloaded', { afterEvents: 3 }), 'Overloaded', true],
  ['server error', complaint('server'), 'Server', true],
  [
    'server error nobody should repeat',
    complaint('server', { headers: { 'x-should-retry': 'false' } }),
    'Server',
    false,
  ],
  ['bad gateway', { kind: 'raw', status: 502, body: '<html>Bad gateway</html>' }, 'Server', true],
  ['wrong key', complaint('auth'), 'Auth', false],
  ['forbidden', complaint('permission'), 'Auth', false],
  ['unknown model', complaint('unknownModel'), 'Unavailable', false],
  ['context too long', complaint('contextTooLong'), 'ContextTooLong', false],
  ['payload too large', complaint('payloadTooLarge'), 'PayloadTooLarge', false],
  ['refused reasoning', complaint('historyRejected'), 'HistoryRejected', false],
  ['refused parameter', complaint('unsupportedParameter'), 'UnsupportedParameter', false],
  [
    'bad request that quotes key and prompt',
    { kind: 'raw', status: 400, body: JSON.stringify(echo) },
    'BadRequest',
    false,
  ],
  ['silence', { kind: 'stall' }, 'FirstEventTimeout', true],
  ['silence in the middle, kept alive', { kind: 'stall', afterEvents: 3, keepAlive: true }, 'IdleTimeout', true],
  ['half an answer', { kind: 'cut', afterEvents: 3 }, 'TruncatedStream', true],
  ['reset before the answer', { kind: 'reset' }, 'Network', true],
  ['reset in the middle', { kind: 'reset', afterEvents: 3 }, 'Network', true],
  ['a page', { kind: 'html' }, 'BadEndpoint', false],
  ['nothing', { kind: 'empty' }, 'BadEndpoint', false],
];

const named = rows.map(([name, fault, kind, retried, facts = {}]) => ({ name, fault, kind, retried, facts }));

/** Short where the fault is silence, patient where the machine may just be busy. */
const idleMs = { silent: 150, other: 10_000 };
const graceMs = 1_000;

describe.each(Object.entries(dialects))('%s', (_, open) => {
  test.each(named)('$name', async ({ fault, kind, retried, facts }) => {
    const limitMs = fault.kind === 'stall' ? idleMs.silent : idleMs.other;
    const { server, provider } = await open({ firstEventMs: limitMs, contentIdleMs: limitMs, trailingMs: limitMs });
    try {
      const turn = { text: ['One ', 'two ', 'three.'], fault };
      // A refused parameter may be left out and the request made once more.
      server.push(turn, turn);
      const begun = performance.now();
      const failure = await failureOf(provider);
      const elapsedMs = performance.now() - begun;
      expect(failure).toBeInstanceOf(ModelFailure);
      expect(failure).toMatchObject({ type: `Model.${kind}`, facts: { kind, ...facts } });
      const outside = toApplicationFailure(failure);
      expect(outside).toMatchObject({ type: `Model.${kind}`, nonRetryable: !retried, details: [{ kind, ...facts }] });
      const told = JSON.stringify([outside.message, outside.stack, outside.details, failure, String(failure.cause)]);
      for (const secret of [fakeKey, prompt, 'northern region']) expect(told).not.toContain(secret);
      expect(elapsedMs).toBeLessThan(limitMs + graceMs);
      await Promise.all(server.ledger.map(({ over }) => over));
      expect(server.ledger.at(-1)?.outcome).toBe(fault.kind === 'stall' ? 'aborted' : 'faulted');
    } finally {
      await server.close();
    }
  });

  test('nobody listens', async () => {
    const { server, provider } = await open({});
    await server.close();
    const failure = await failureOf(provider);
    expect(failure).toMatchObject({ type: 'Model.Network', message: expect.stringContaining('ECONNREFUSED') });
    expect(toApplicationFailure(failure).nonRetryable).toBe(false);
  });
});

async function failureOf(provider: ModelProvider): Promise<ModelFailure> {
  return provider.complete(request, { signal: new AbortController().signal, emit: () => {} }).then(
    (reply) => {
      throw new Error(`Expected a failure, found ${JSON.stringify(reply)}.`);
    },
    (error: unknown) => error as ModelFailure,
  );
}

/** Each dialect over its strict fake, and each way a provider fails: what is asked of both the calls and whole analyses. */
import { maxWaitMs } from '../../src/analysis/model-retries.ts';
import { createAnthropicMessages } from '../../src/llm/anthropic-messages.ts';
import type { ModelFailureKind } from '../../src/llm/model-failure.ts';
import { profileOf } from '../../src/llm/profiles.ts';
import type { ModelProvider } from '../../src/llm/provider.ts';
import type { StreamLimits } from '../../src/llm/stream-guard.ts';
import { openFakeAnthropic } from './fake-anthropic.ts';
import type { FakeModelServer, Fault } from './fake-model-server.ts';
import { fakeKey } from './fake-openai.ts';
import { openOpenAiWorld, type OpenAiDialect } from './openai-world.ts';

/** Quoted by the fakes in what they complain of, as some providers do. */
export const prompt = 'The customers of the northern region and all they bought';

type World = { readonly server: FakeModelServer; readonly provider: ModelProvider };

export const dialects: Readonly<Record<string, (limits: Partial<StreamLimits>) => Promise<World>>> = {
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

/** `retried`: the same model is asked again, and answers then. */
type Row = readonly [fault: string, Fault, ModelFailureKind, retried: boolean, facts?: object];

export const faults: readonly Row[] = [
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
  ['a rate that rises too fast', complaint('slowDown', { headers: { 'retry-after-ms': '50' } }), 'RateLimited', true],
  ['too many tokens a minute', complaint('tokensPerMinute'), 'RateLimited', true],
  ['a spend limit, which comes as 429 too', complaint('spendLimit'), 'Billing', false],
  ['a limit of the contract', complaint('contractLimit'), 'Billing', false],
  ['no credit', complaint('noCredit'), 'Billing', false],
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
  ['refused for what it is about', complaint('contentPolicy'), 'Refused', false],
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

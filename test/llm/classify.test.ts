import { APIConnectionError, APIConnectionTimeoutError, APIError as AnthropicError } from '@anthropic-ai/sdk';
import { APIError as OpenAiError, APIConnectionError as OpenAiConnectionError } from 'openai';
import { toApplicationFailure } from '../../src/activities/failures.ts';
import { maxJitter, maxWaitMs } from '../../src/analysis/model-retries.ts';
import { classify } from '../../src/llm/classify.ts';
import { ModelFailure, type ModelFailureKind } from '../../src/llm/model-failure.ts';

const where = { endpoint: 'somewhere', model: 'some-model', sawEvents: false };

type Extra = { readonly headers?: Record<string, string>; readonly errorCode?: string; readonly param?: string };

function anthropic(status: number, type: string, message = 'No.', { headers = {}, errorCode }: Extra = {}): Error {
  const details = errorCode === undefined ? {} : { details: { error_code: errorCode } };
  const body = { type: 'error', error: { type, message, ...details } };
  return AnthropicError.generate(status, body, undefined, new Headers({ 'request-id': 'req_1', ...headers }));
}

function openai(status: number, code: string | null, message = 'No.', { headers = {}, param }: Extra = {}): Error {
  const error = { message, type: 'some_error', code, param: param ?? null };
  return OpenAiError.generate(status, { error }, undefined, new Headers({ 'x-request-id': 'req_1', ...headers }));
}

/** A frame after 200: the SDKs make it without a status. */
const anthropicFrame = (type: string) =>
  new AnthropicError(undefined, { type: 'error', error: { type, message: 'No.' } }, undefined, new Headers());
const openaiFrame = (code: string) => new OpenAiError(undefined, { code, message: 'No.' }, undefined, new Headers());

function caused(error: Error, code: string): Error {
  error.cause = Object.assign(new Error(code), { code });
  return error;
}

const bound = 'messages.1.content.0: thinking block is bound to a different conversation';
const orphan = "Item 'rs_1' of type 'reasoning' was provided without its required following item.";
const forced = 'tool_choice: forced tool use is not supported on this model';

const quotedBy = (code: string) =>
  `OpenAIException - {"error":{"message":"No.","type":"server_error","code":"${code}"}}`;

type Row = readonly [signal: string, error: unknown, kind: ModelFailureKind, retried: boolean];

test.each<Row>([
  ['429 of OpenAI', openai(429, 'rate_limit_exceeded'), 'RateLimited', true],
  ['429 of Anthropic', anthropic(429, 'rate_limit_error'), 'RateLimited', true],
  ['429 ramp', anthropic(429, 'rate_limit_error', 'No.', { errorCode: 'ramp_limit_exceeded' }), 'RateLimited', true],
  ['429 slow down', openai(429, 'slow_down'), 'RateLimited', true],
  ['429 without a body', OpenAiError.generate(429, undefined, '', new Headers()), 'RateLimited', true],
  ['429 quota', openai(429, 'insufficient_quota'), 'Billing', false],
  [
    '429 spend',
    anthropic(429, 'rate_limit_error', '', { errorCode: 'enforced_spend_limit_reached' }),
    'Billing',
    false,
  ],
  [
    '429 contract',
    anthropic(429, 'rate_limit_error', '', { errorCode: 'contract_spend_limit_reached' }),
    'Billing',
    false,
  ],
  ['429 usage', openai(429, 'organization_usage_limit_reached'), 'Billing', false],
  ['429 quota behind a proxy', openai(429, 'throttling_error', quotedBy('insufficient_quota')), 'Billing', false],
  ['503 overloaded behind a proxy', openai(503, null, quotedBy('server_is_overloaded')), 'Overloaded', true],
  ['402', anthropic(402, 'billing_error'), 'Billing', false],
  ['402 credit', openai(402, 'credit_balance_exhausted'), 'Billing', false],
  ['529', anthropic(529, 'overloaded_error'), 'Overloaded', true],
  ['503 overloaded', openai(503, 'server_is_overloaded'), 'Overloaded', true],
  ['overload after 200', anthropicFrame('overloaded_error'), 'Overloaded', true],
  ['500', anthropic(500, 'api_error'), 'Server', true],
  ['502 of a proxy, as HTML', OpenAiError.generate(502, undefined, '<html>', new Headers()), 'Server', true],
  ['503', openai(503, null), 'Server', true],
  ['504', anthropic(504, 'timeout_error'), 'Server', true],
  ['server error after 200', openaiFrame('server_error'), 'Server', true],
  ['API error after 200', anthropicFrame('api_error'), 'Server', true],
  ['rate limit after 200', openaiFrame('rate_limit_exceeded'), 'RateLimited', true],
  ['408', openai(408, null), 'Server', true],
  ['409', anthropic(409, 'conflict_error'), 'Server', true],
  ['425', openai(425, null), 'Server', true],
  ['connection of Anthropic', new APIConnectionError({ cause: new Error('x') }), 'Network', true],
  ['connection of OpenAI', new OpenAiConnectionError({ cause: new Error('x') }), 'Network', true],
  ['reset', caused(new TypeError('fetch failed'), 'ECONNRESET'), 'Network', true],
  ['name', caused(new TypeError('fetch failed'), 'ENOTFOUND'), 'Network', true],
  ['refused', caused(new TypeError('fetch failed'), 'ECONNREFUSED'), 'Network', true],
  [
    'refused on both addresses',
    new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]),
    'Network',
    true,
  ],
  ['certificate', caused(new TypeError('fetch failed'), 'CERT_HAS_EXPIRED'), 'Network', true],
  ['certificate of its own', caused(new TypeError('fetch failed'), 'DEPTH_ZERO_SELF_SIGNED_CERT'), 'Network', true],
  ['socket gone', caused(new TypeError('terminated'), 'UND_ERR_SOCKET'), 'Network', true],
  ['terminated, no cause', new TypeError('terminated'), 'Network', true],
  ['connect timeout', caused(new TypeError('fetch failed'), 'UND_ERR_CONNECT_TIMEOUT'), 'Network', true],
  ['headers timeout', caused(new TypeError('fetch failed'), 'UND_ERR_HEADERS_TIMEOUT'), 'FirstEventTimeout', true],
  ['timeout of the SDK', new APIConnectionTimeoutError(), 'FirstEventTimeout', true],
  ['body timeout', caused(new TypeError('terminated'), 'UND_ERR_BODY_TIMEOUT'), 'IdleTimeout', true],
  ['no terminal event', new ModelFailure('x', { ...where, kind: 'TruncatedStream' }), 'TruncatedStream', true],
  ['401', anthropic(401, 'authentication_error'), 'Auth', false],
  ['403 region', openai(403, 'unsupported_country_region_territory'), 'Auth', false],
  ['no key', new Error('Could not resolve authentication method.'), 'Auth', false],
  ['404 model', anthropic(404, 'not_found_error', 'model: claude-2'), 'Unavailable', false],
  ['404 OpenAI', openai(404, 'model_not_found'), 'Unavailable', false],
  ['on hold', anthropic(400, 'invalid_request_error', '', { errorCode: 'organization_on_hold' }), 'Unavailable', false],
  ['context code', openai(400, 'context_length_exceeded'), 'ContextTooLong', false],
  [
    'context words',
    anthropic(400, 'invalid_request_error', 'prompt is too long: 9 tokens > 8'),
    'ContextTooLong',
    false,
  ],
  ['context of llama.cpp', openai(400, 'exceed_context_size_error'), 'ContextTooLong', false],
  ['413', anthropic(413, 'request_too_large'), 'PayloadTooLarge', false],
  ['bound', anthropic(400, 'invalid_request_error', bound), 'HistoryRejected', false],
  ['orphan reasoning', openai(400, null, orphan, { param: 'input' }), 'HistoryRejected', false],
  ['parameter', openai(400, 'unsupported_value', 'No.', { param: 'temperature' }), 'UnsupportedParameter', false],
  ['only named', openai(400, null, 'No.', { param: 'reasoning.effort' }), 'UnsupportedParameter', false],
  ['forced tool', anthropic(400, 'invalid_request_error', forced), 'UnsupportedParameter', false],
  ['other 400', anthropic(400, 'invalid_request_error', 'messages: at least one'), 'BadRequest', false],
  ['400 in the input', openai(400, 'invalid_value', 'No.', { param: 'input[2].call_id' }), 'BadRequest', false],
  ['422', openai(422, null), 'BadRequest', false],
  ['policy', openai(400, 'content_policy_violation', 'No.'), 'Refused', false],
  ['policy of Azure', openai(400, 'content_filter', 'The response was filtered.'), 'Refused', false],
  ['policy in words', openai(400, null, 'Output blocked by content filtering policy'), 'Refused', false],
  ['a flagged prompt', openai(400, 'invalid_prompt', 'Invalid prompt: it was flagged.'), 'Refused', false],
  ['content of another kind', openai(400, null, 'Invalid content: expected text.'), 'BadRequest', false],
  ['404 as HTML', OpenAiError.generate(404, undefined, '<html>', new Headers()), 'BadEndpoint', false],
  ['a port no client calls', new APIConnectionError({ cause: new Error('bad port') }), 'BadEndpoint', false],
  ['no address', new TypeError('Invalid URL'), 'BadEndpoint', false],
  ['no JSON', new SyntaxError('Unexpected token <'), 'BadEndpoint', false],
  ['an unforeseen error', new RangeError('What?'), 'Unclassified', true],
  ['no error at all', 'what?', 'Unclassified', true],
])('%s', (_, error, kind, retried) => {
  const failure = classify(error, where);
  expect(failure).toMatchObject({ type: `Model.${kind}`, facts: { kind, endpoint: 'somewhere', model: 'some-model' } });
  expect(toApplicationFailure(failure)).toMatchObject({ type: `Model.${kind}`, nonRetryable: !retried });
});

test('what broke in the middle of an answer is named so', () => {
  expect(classify(new SyntaxError('x'), { ...where, sawEvents: true }).type).toBe('Model.TruncatedStream');
  expect(classify(new APIConnectionTimeoutError(), { ...where, sawEvents: true }).type).toBe('Model.IdleTimeout');
});

test('facts say status, code, request and the wait', () => {
  const error = anthropic(429, 'rate_limit_error', 'No.', { headers: { 'retry-after': '7' } });
  const facts = { status: 429, code: 'rate_limit_error', requestId: 'req_1', retryAfterMs: 7_000 };
  const failure = classify(error, where);
  expect(failure.facts).toMatchObject(facts);
  const waited = toApplicationFailure(failure);
  expect(waited.details).toEqual([failure.facts]);
  expect(waited.nextRetryDelay).toBeGreaterThanOrEqual(7_000);
  expect(waited.nextRetryDelay).toBeLessThanOrEqual(7_000 * (1 + maxJitter));
});

test('a wait that is too long is not waited for, so that another model may be asked', () => {
  const headers = { 'retry-after': String(maxWaitMs / 1_000 + 1) };
  const failure = toApplicationFailure(classify(openai(429, 'slow_down', 'No.', { headers }), where));
  expect(failure).toMatchObject({ nonRetryable: true, details: [{ retryAfterMs: maxWaitMs + 1_000 }] });
  expect(failure.nextRetryDelay).toBeUndefined();
});

test.each<[string, Error, boolean]>([
  ['no, though it is a server error', openai(500, null, '', { headers: { 'x-should-retry': 'false' } }), false],
  ['yes, though it is a bad request', openai(400, null, '', { headers: { 'x-should-retry': 'true' } }), true],
  [
    'yes, but there is no money',
    openai(429, 'insufficient_quota', '', { headers: { 'x-should-retry': 'true' } }),
    false,
  ],
  ['yes, but the key is wrong', openai(401, null, '', { headers: { 'x-should-retry': 'true' } }), false],
])('the server says whether to try again: %s', (_, error, retried) => {
  expect(toApplicationFailure(classify(error, where)).nonRetryable).toBe(!retried);
});

test('where nobody listens on this machine, nobody is asked twice', () => {
  const error = caused(new TypeError('fetch failed'), 'ECONNREFUSED');
  expect(toApplicationFailure(classify(error, { ...where, local: true })).nonRetryable).toBe(true);
});

const prompt = 'The customers of the northern region, with their names and all that they bought last year';

test.each([
  `Invalid value '${prompt}'`,
  `messages.0: "${prompt}" is no string`,
  `Input should be a string, got: ${prompt}`,
  `1 error, input_value=${prompt}`,
])('neither key nor prompt is in the failure: %s', (message) => {
  const key = 'local-key-of-mine';
  const failure = classify(openai(400, null, `${key} sk-abcdef123456 ${message}`), { ...where, secrets: [key] });
  const all = JSON.stringify([failure.message, failure.stack, failure.facts, failure.cause]);
  for (const hidden of ['northern region', key, 'abcdef123456']) expect(all).not.toContain(hidden);
  expect(failure.message.length).toBeLessThan(400);
});

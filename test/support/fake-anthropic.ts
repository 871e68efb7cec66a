/** A strict fake of Anthropic's Messages API: refuses what the real one refuses, and fails as it can fail. */
import { checkMessagesRequest, redactedOf, refusal, signatureOf } from './anthropic-rules.ts';
import {
  openFakeModelServer,
  type Complaint,
  type FakeCall,
  type FakeModelServer,
  type FakeOptions,
  type FakeRoute,
  type FakeTurn,
  type Refusal,
  type WireEvent,
} from './fake-model-server.ts';

const messagesPath = '/v1/messages';

type Request = {
  readonly model: string;
  readonly messages: readonly unknown[];
  readonly thinking?: { readonly display?: string };
};

export type FakeAnthropicOptions = Partial<Omit<FakeOptions, 'routes'>> & {
  /** Stands in every complaint, as providers quote what they were sent. */
  readonly quoted?: string;
  /** Version of the API that every request must name. */
  readonly version?: string;
};

export function openFakeAnthropic(given: FakeAnthropicOptions = {}): Promise<FakeModelServer> {
  const { quoted = '', version, ...options } = given;
  return openFakeModelServer({ ...options, routes: { [messagesPath]: fakeMessagesRoute(quoted, version) } });
}

export function fakeMessagesRoute(quoted = '', version?: string): FakeRoute {
  return {
    check: (body, headers) => checkMessagesRequest(body, headers, version),
    events: (turn, body, number) => eventsOf(turn, body as Request, number),
    complain: (complaint) => complaintOf(complaint, quoted),
    frame: (complaint) => ({ event: 'error', data: JSON.stringify(complaintOf(complaint, quoted).body) }),
  };
}

/** Index, start and deltas of one block of the answer. */
type Block = { readonly start: object; readonly deltas: readonly object[] };

function eventsOf(turn: FakeTurn, request: Request, number: number): WireEvent[] {
  const counts = { input: 100, cached: 0, cacheWrite: 0, output: 20, reasoning: 0, ...turn.usage };
  const usage = {
    // Without the cached ones and those written to the cache.
    input_tokens: counts.input - counts.cached - counts.cacheWrite,
    cache_read_input_tokens: counts.cached,
    cache_creation_input_tokens: counts.cacheWrite,
    output_tokens: 1,
  };
  const id = `msg_${number}`;
  const message = {
    id,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [],
    stop_reason: null,
    usage,
  };
  const blocks = blocksOf(turn, request, number);
  return [
    event('message_start', { message }),
    event('ping', {}),
    ...blocks.flatMap(({ start, deltas }, index) => [
      event('content_block_start', { index, content_block: start }),
      ...deltas.map((delta) => event('content_block_delta', { index, delta })),
      ...(turn.quirk === 'unknown events' ? [event('content_block_glow', { index, light: 'green' })] : []),
      event('content_block_stop', { index }),
    ]),
    event('message_delta', {
      delta: { stop_reason: stopReasonOf(turn), ...(turn.refusal ? { stop_details: { category: turn.refusal } } : {}) },
      usage: {
        input_tokens: null,
        output_tokens: counts.output,
        output_tokens_details: { thinking_tokens: counts.reasoning },
      },
    }),
    event('message_stop', {}),
  ];
}

function blocksOf(turn: FakeTurn, request: Request, number: number): Block[] {
  const texts = turn.text === undefined ? [] : [turn.text].flat();
  return [
    ...(turn.reasoning === undefined || request.thinking === undefined
      ? []
      : [turn.quirk === 'redacted thinking' ? redactedThinking(request) : thinkingOf(turn.reasoning, request)]),
    ...(texts.length === 0
      ? []
      : [{ start: { type: 'text', text: '' }, deltas: texts.map((text) => ({ type: 'text_delta', text })) }]),
    ...(turn.calls ?? []).map((call, index, all) =>
      callOf(call, `toolu_${number}_${index}`, turn.finish === 'length' && index === all.length - 1),
    ),
  ];
}

function thinkingOf(reasoning: string, request: Request): Block {
  const shown = request.thinking?.display === 'summarized' ? reasoning : '';
  const signature = signatureOf(request, request.messages, shown);
  return {
    start: { type: 'thinking', thinking: '', signature: '' },
    deltas: [
      ...(shown === '' ? [] : [{ type: 'thinking_delta', thinking: shown }]),
      { type: 'signature_delta', signature },
    ],
  };
}

function redactedThinking(request: Request): Block {
  return { start: { type: 'redacted_thinking', data: redactedOf(request, request.messages) }, deltas: [] };
}

function callOf({ id, name, arguments: given }: FakeCall, otherId: string, cut: boolean): Block {
  const whole = typeof given === 'string' ? given : JSON.stringify(given);
  const json = cut ? whole.slice(0, -1) : whole;
  const half = Math.ceil(json.length / 2);
  const deltas = ['', json.slice(0, half), json.slice(half)].map((partial_json) => ({
    type: 'input_json_delta',
    partial_json,
  }));
  return { start: { type: 'tool_use', id: id ?? otherId, name, input: {} }, deltas };
}

function stopReasonOf({ finish, calls = [] }: FakeTurn): string {
  const words = {
    stop: 'end_turn',
    toolCalls: 'tool_use',
    length: 'max_tokens',
    refusal: 'refusal',
    paused: 'pause_turn',
    contextFull: 'model_context_window_exceeded',
  };
  return words[finish ?? (calls.length > 0 ? 'toolCalls' : 'stop')];
}

function complaintOf(complaint: Complaint, quoted: string): Refusal {
  const say = (status: number, type: string, message: string, code?: string) =>
    refusal(status, type, `${message} ${quoted}`.trim(), code);
  switch (complaint) {
    case 'rateLimited':
      return say(429, 'rate_limit_error', 'This request would exceed the rate limit of your organization.');
    case 'slowDown':
      return say(429, 'rate_limit_error', 'Your usage rises too fast.', 'ramp_limit_exceeded');
    case 'tokensPerMinute':
      return say(429, 'rate_limit_error', 'This request would exceed your input tokens per minute.');
    case 'spendLimit':
      return say(429, 'rate_limit_error', 'Your workspace has reached its limit.', 'enforced_spend_limit_reached');
    case 'contractLimit':
      return say(429, 'rate_limit_error', 'Your contract has reached its limit.', 'contract_spend_limit_reached');
    case 'noCredit':
      return say(402, 'billing_error', 'Your credit balance is too low to access the API.');
    case 'quota':
      return say(429, 'rate_limit_error', 'You have reached your spend limit.', 'enforced_spend_limit_reached');
    case 'overloaded':
      return say(529, 'overloaded_error', 'Overloaded');
    case 'server':
      return say(500, 'api_error', 'Internal server error');
    case 'badGateway':
      return say(502, 'api_error', 'Bad gateway');
    case 'timeout':
      return say(504, 'timeout_error', 'Request timed out');
    case 'auth':
      return say(401, 'authentication_error', 'Invalid bearer token');
    case 'permission':
      return say(403, 'permission_error', 'Your key does not have permission to use this model');
    case 'unknownModel':
      return say(404, 'not_found_error', 'model: no-such-model');
    case 'contextTooLong':
      return say(400, 'invalid_request_error', 'prompt is too long: 200001 tokens > 200000 maximum');
    case 'payloadTooLarge':
      return say(413, 'request_too_large', 'Request exceeds the maximum size');
    case 'historyRejected':
      return say(400, 'invalid_request_error', 'messages.1: thinking block is bound to a different conversation');
    case 'unsupportedParameter':
      return say(400, 'invalid_request_error', 'temperature: not supported on this API version');
    case 'contentPolicy':
      return say(400, 'invalid_request_error', 'Output blocked by content filtering policy');
    case 'badRequest':
      return say(400, 'invalid_request_error', 'messages: something is wrong with it');
  }
}

function event(type: string, fields: object): WireEvent {
  return { event: type, data: JSON.stringify({ type, ...fields }) };
}

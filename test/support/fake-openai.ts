/** A strict OpenAI in both its dialects: refuses what the real one refuses, and answers from scripted turns. */
import { chatEvents, chatProblem } from './fake-openai-chat.ts';
import { responsesEvents, responsesProblem } from './fake-openai-responses.ts';
import type { Problem } from './fake-openai-rules.ts';
import {
  openFakeModelServer,
  type Complaint,
  type FakeModelServer,
  type FakeOptions,
  type FakeRoute,
  type Refusal,
  type WireEvent,
} from './fake-model-server.ts';

export type FakeOpenAi = FakeModelServer & { readonly baseUrl: string };

/** The key that every request must carry. */
export const fakeKey = 'sk-planted-0123456789abcdef';

type Manner = {
  /** The key that every request must carry. */
  readonly key?: string;
  /** What it lists. */
  readonly models?: readonly string[];
};

/** Closes with `close`; `assertUsedUp` fails after a refused request. */
export async function openFakeOpenAi(
  otherwise?: FakeOptions['otherwise'],
  { key = fakeKey, models = ['gpt-6.1-sol', 'local-model'] }: Manner = {},
): Promise<FakeOpenAi> {
  const server = await openFakeModelServer({
    routes: {
      '/v1/responses': route(key, responsesProblem, responsesEvents, ({ code, message, param }) => ({
        event: 'error',
        data: JSON.stringify({ type: 'error', sequence_number: 99, code, message, param }),
      })),
      '/v1/chat/completions': route(key, chatProblem, chatEvents, (error) => ({ data: JSON.stringify({ error }) })),
    },
    pages: {
      '/v1/models': { object: 'list', data: models.map((id) => ({ id, object: 'model' })) },
    },
    ...(otherwise === undefined ? {} : { otherwise }),
  });
  return { ...server, baseUrl: `${server.origin}/v1` };
}

type ErrorBody = { message: string; type: string; param: string | null; code: string | null };

function route(
  key: string,
  problemOf: (body: unknown) => Problem | undefined,
  events: FakeRoute['events'],
  frame: (error: ErrorBody) => WireEvent,
): FakeRoute {
  return {
    events,
    check(body, headers) {
      if (headers.authorization !== `Bearer ${key}`) return complaints.auth;
      const problem = problemOf(body);
      if (problem === undefined) return undefined;
      const { message, param = null, code = null, status = 400 } = problem;
      return { status, body: { error: { message, type: 'invalid_request_error', param, code } } };
    },
    complain: (complaint) => complaints[complaint],
    frame: (complaint) => frame((complaints[complaint].body as { error: ErrorBody }).error),
  };
}

function refusal(
  status: number,
  type: string,
  code: string | null,
  message: string,
  param: string | null = null,
): Refusal {
  return { status, body: { error: { message, type, param, code } } };
}

/** The real shapes. */
const complaints: Readonly<Record<Complaint, Refusal>> = {
  rateLimited: refusal(429, 'requests', 'rate_limit_exceeded', 'Rate limit reached for requests.'),
  slowDown: refusal(429, 'requests', 'slow_down', 'Your request rate rises too fast: slow down.'),
  tokensPerMinute: refusal(429, 'tokens', 'rate_limit_exceeded', 'Rate limit reached on tokens per min (TPM).'),
  spendLimit: refusal(
    429,
    'insufficient_quota',
    'project_spend_limit_reached',
    'The limit of your project is reached.',
  ),
  contractLimit: refusal(429, 'insufficient_quota', 'organization_usage_limit_reached', 'The usage limit is reached.'),
  noCredit: refusal(429, 'insufficient_quota', 'credit_balance_exhausted', 'Your prepaid credit is used up.'),
  quota: refusal(429, 'insufficient_quota', 'insufficient_quota', 'You exceeded your current quota.'),
  overloaded: refusal(503, 'server_error', 'server_is_overloaded', 'Our servers are currently overloaded.'),
  server: refusal(500, 'server_error', 'server_error', 'The server had an error while processing your request.'),
  badGateway: { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>502 Bad Gateway</html>' },
  timeout: refusal(408, 'server_error', null, 'The request timed out.'),
  auth: refusal(401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided: sk-pl*******cdef.'),
  permission: refusal(403, 'invalid_request_error', 'unsupported_country_region_territory', 'Not supported here.'),
  unknownModel: refusal(404, 'invalid_request_error', 'model_not_found', 'The model does not exist.'),
  contextTooLong: refusal(
    400,
    'invalid_request_error',
    'context_length_exceeded',
    'Your input exceeds the context window of this model.',
    'input',
  ),
  payloadTooLarge: refusal(413, 'invalid_request_error', null, 'Request too large.'),
  historyRejected: refusal(
    400,
    'invalid_request_error',
    null,
    "Item 'rs_1' of type 'reasoning' was provided without its required following item.",
    'input',
  ),
  unsupportedParameter: refusal(
    400,
    'invalid_request_error',
    'unsupported_parameter',
    "Unsupported parameter: 'top_k' is not supported with this model.",
    'top_k',
  ),
  contentPolicy: refusal(
    400,
    'invalid_request_error',
    'content_policy_violation',
    'Your request was rejected as a result of our safety system.',
  ),
  badRequest: refusal(400, 'invalid_request_error', null, "Invalid 'input[0]'.", 'input[0]'),
};

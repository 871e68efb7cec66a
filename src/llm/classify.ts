/** Says what kind of failure an error of a model call is, whichever SDK, socket or stream it came from. */
import { redact } from '../policy/redaction.ts';
import { readError, type ErrorFacts } from './error-facts.ts';
import { ModelFailure, type ModelFailureFacts, type ModelFailureKind } from './model-failure.ts';
import { retryAfterMs } from './retry-after.ts';

/** Longest part of a provider's own words that is kept. */
const maxQuoteCharacters = 200;

/** A quotation longer than this may be a piece of the prompt. */
const maxQuotationCharacters = 40;

export type CallPlace = {
  readonly endpoint: string;
  readonly model: string;
  /** Whether anything of an answer had arrived. */
  readonly sawEvents: boolean;
  /** Taken out of the message wherever they stand. */
  readonly secrets?: readonly string[];
  /** True for a server on this machine: where nobody listens, nobody will in a second. */
  readonly local?: boolean;
  readonly nowMs?: number;
};

/** A `ModelFailure` stays as it is. The raw error is not kept as its cause: it may quote the request. */
export function classify(error: unknown, where: CallPlace): ModelFailure {
  if (error instanceof ModelFailure) return error;
  const facts = readError(error);
  const kind = kindOf(facts, where.sawEvents);
  const hint = retryAfterMs(facts.headers, where.nowMs ?? Date.now());
  const retryable = retryableOf(facts, kind, where);
  const code = facts.codes.find((one) => one !== '');
  const modelFacts: ModelFailureFacts = {
    kind,
    endpoint: where.endpoint,
    model: where.model,
    ...(facts.status === undefined ? {} : { status: facts.status }),
    ...(code === undefined ? {} : { code: clean(code, where) }),
    ...(facts.requestId === undefined ? {} : { requestId: clean(facts.requestId, where) }),
    ...(hint === undefined ? {} : { retryAfterMs: hint }),
    ...(retryable === undefined ? {} : { retryable }),
  };
  return new ModelFailure(sentence(facts, modelFacts, where), modelFacts);
}

const billing =
  /insufficient_quota|credit_balance|spend_limit|usage_limit|billing|payment_required|quota_exceeded|budget_exceeded/;
const policyCodes = /content_?policy|content_?filter|responsible_?ai|policy_violation|invalid_prompt|cyber_policy/;
const policyWords = /content[ -]?(?:filter(?:ing|ed)?\b|management|policy)|flagged as potentially violating/i;
const contextCodes = /context_length_exceeded|context_window_exceeded|exceed_context_size/;
const contextWords =
  /prompt is too long|maximum context length|exceeds? (?:the |this )?(?:model'?s? )?(?:available )?context|context (?:window|size|length).{0,30}exceed|input is too long/i;
const historyWords =
  /bound to a different conversation|invalid.{0,30}signature|signature.{0,40}(?:invalid|thinking)|without its required following item|thinking.{0,80}cannot be modified|encrypted content.{0,40}(?:verif|decrypt|invalid)/i;
const parameterWords =
  /unsupported (?:parameter|value)|unknown parameter|unrecognized request argument|extra inputs are not permitted|(?:not|no longer) supported|(?:does not|doesn't) support|is deprecated for|forced tool|prefill/i;
/** Parts of the conversation, not parameters. */
const conversationParameter = /^(?:messages|input|contents|system|instructions)\b/;

function kindOf(facts: ErrorFacts, sawEvents: boolean): ModelFailureKind {
  const { status } = facts;
  const has = (pattern: RegExp) => facts.codes.some((code) => pattern.test(code));
  // The code decides before the status: billing comes as 429, overload after a 200 without any status.
  if (has(billing) || status === 402) return 'Billing';
  if (has(/organization_on_hold|model_not_found|model_retired|deployment_not_found/)) return 'Unavailable';
  if (has(contextCodes)) return 'ContextTooLong';
  if (has(policyCodes)) return 'Refused';
  if (status === 529 || has(/overloaded/)) return 'Overloaded';
  if (status === 401 || status === 403 || has(/authentication_error|invalid_api_key|permission_error/)) return 'Auth';
  if (status === 429 || has(/rate_limit|slow_down|ramp_limit/)) return 'RateLimited';
  if (status === undefined) return withoutStatus(facts, sawEvents);
  if (status === 408 || status === 409 || status === 425 || status >= 500) return 'Server';
  if (status === 413) return 'PayloadTooLarge';
  if (status === 404 || status === 405 || status === 410) return facts.hasBody ? 'Unavailable' : 'BadEndpoint';
  if (status >= 400) return requestKind(facts, has);
  return 'BadEndpoint';
}

/** 400 and 422: what is wrong with the request often stands in words only. */
function requestKind({ text, parameter }: ErrorFacts, has: (pattern: RegExp) => boolean): ModelFailureKind {
  if (contextWords.test(text)) return 'ContextTooLong';
  if (historyWords.test(text)) return 'HistoryRejected';
  if (policyWords.test(text)) return 'Refused';
  if (has(/unsupported_(?:parameter|value)|unknown_parameter/) || parameterWords.test(text)) {
    return 'UnsupportedParameter';
  }
  return parameter !== undefined && !conversationParameter.test(parameter) ? 'UnsupportedParameter' : 'BadRequest';
}

/** No HTTP status: an error inside a stream that began with 200, or the network. */
function withoutStatus(facts: ErrorFacts, sawEvents: boolean): ModelFailureKind {
  const { codes, text, className, hasBody, networkCode } = facts;
  const has = (pattern: RegExp) => codes.some((code) => pattern.test(code));
  if (has(/^(?:api_error|server_error|internal_server_error|timeout_error)$/)) return 'Server';
  if (hasBody && has(/invalid_request/)) {
    if (contextWords.test(text)) return 'ContextTooLong';
    if (policyWords.test(text)) return 'Refused';
    return historyWords.test(text) ? 'HistoryRejected' : 'BadRequest';
  }
  if (hasBody) return 'Server';
  if (facts.badAddress) return 'BadEndpoint';
  if (networkCode === 'UND_ERR_BODY_TIMEOUT') return 'IdleTimeout';
  if (networkCode === 'UND_ERR_HEADERS_TIMEOUT' || className === 'APIConnectionTimeoutError') {
    return sawEvents ? 'IdleTimeout' : 'FirstEventTimeout';
  }
  if (networkCode !== undefined || className === 'APIConnectionError') return 'Network';
  if (/^(?:terminated|fetch failed|socket hang up|network error)$/i.test(text)) return 'Network';
  // The SDKs read the pieces of a stream as JSON: a page instead of a stream breaks at the first.
  if (className === 'SyntaxError') return sawEvents ? 'TruncatedStream' : 'BadEndpoint';
  if (/authentication method|missing credentials|api[_ ]?key/i.test(text)) return 'Auth';
  return 'Unclassified';
}

function retryableOf(facts: ErrorFacts, kind: ModelFailureKind, where: CallPlace): boolean | undefined {
  if (where.local === true && kind === 'Network' && facts.networkCode === 'ECONNREFUSED') return false;
  const said = facts.headers?.get('x-should-retry');
  if (said === 'false') return false;
  return said === 'true' && kind !== 'Billing' && kind !== 'Auth' ? true : undefined;
}

const expectation: Partial<Record<ModelFailureKind, string>> = {
  Auth: 'refused the key: `dpa models` says where to set the right one',
  Billing: 'says that the account has no credit or has reached its spending limit',
  Network: 'could not be reached, or the connection broke',
  BadEndpoint: 'is not a model server at this address: check its base URL',
  Refused: 'refused the request for what it is about',
  Unavailable: 'does not have this model, or not for this account',
};

function sentence(facts: ErrorFacts, { kind, model, status, code }: ModelFailureFacts, where: CallPlace): string {
  const marks = [status, code ?? facts.networkCode].filter((mark) => mark !== undefined).join(' ');
  const said = facts.hasBody ? quote(facts.text, where) : '';
  const what = expectation[kind] ?? `failed (${kind})`;
  return `${where.endpoint} ${what}; model ${model}${marks === '' ? '' : ` [${marks}]`}${said === '' ? '' : `: ${said}`}`;
}

/** A refused request is sometimes quoted in full: what may be a piece of it goes, the rest is cut short. */
function quote(text: string, where: CallPlace): string {
  const long = `{${maxQuotationCharacters},}`;
  return clean(text, where)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(new RegExp(`"(?:[^"\\\\]|\\\\.)${long}"|(?<!\\w)'[^']${long}'|\`[^\`]${long}\``, 'g'), '[…]')
    .replace(/\b(?:got|input_value|input|received|found|prompt|content)\s*[:=](?!\s*\[…\]).*$/i, '[…]')
    .slice(0, maxQuoteCharacters);
}

function clean(text: string, where: CallPlace): string {
  return redact(text, where.secrets ?? []);
}

/** Reads what an error of either SDK, of fetch or of a socket says about itself, by its shape. */
import type { HeaderReader } from './retry-after.ts';

/** Errors wrap one another; a loop among them must end. */
const maxCauses = 5;

export type ErrorFacts = {
  readonly status: number | undefined;
  /** Machine-readable words, the most exact first, lower case. */
  readonly codes: readonly string[];
  /** For people; may quote the request. */
  readonly text: string;
  readonly className: string;
  /** Whether the server said anything in JSON. */
  readonly hasBody: boolean;
  readonly headers: HeaderReader | undefined;
  readonly requestId: string | undefined;
  readonly parameter: string | undefined;
  /** `ECONNREFUSED`, `UND_ERR_SOCKET`, `CERT_HAS_EXPIRED` …, from the error or what caused it. */
  readonly networkCode: string | undefined;
  /** Whether the address itself can never be called. */
  readonly badAddress: boolean;
};

export function readError(error: unknown): ErrorFacts {
  const own = fields(error);
  // Anthropic's body is `{type: 'error', error: {type, message, details}}`; openai hands over the inner one.
  const body = fields(own['error']);
  const inner = isObject(body['error']) ? fields(body['error']) : body;
  const text =
    string(inner['message']) ?? string(body['message']) ?? (error instanceof Error ? error.message : String(error));
  const codes = [fields(inner['details'])['error_code'], own['errorCode'], own['code'], inner['code']]
    .concat([inner['type'], own['type'], ...quotedCodes(text)])
    .filter((code): code is string | number => typeof code === 'string' || typeof code === 'number')
    .map((code) => String(code).toLowerCase())
    .filter((code) => code !== '' && code !== 'error' && !/^\d+$/.test(code));
  const headers = isReader(own['headers']) ? own['headers'] : undefined;
  const hasBody = Object.keys(inner).length > 0;
  return {
    status: statusOf(own['status'], inner),
    codes: hasBody ? [...new Set(codes)] : [],
    text,
    className: error instanceof Error ? nameOf(error) : '',
    hasBody,
    headers,
    requestId:
      string(own['requestID']) ??
      string(headers?.get('request-id')) ??
      string(headers?.get('x-request-id')) ??
      undefined,
    parameter: string(own['param']) ?? string(inner['param']),
    networkCode: causesOf(error)
      .map((cause) => fields(cause)['code'])
      .find((code): code is string => typeof code === 'string' && networkCodes.test(code)),
    badAddress: causesOf(error).some((cause) => cause instanceof Error && badAddress.test(cause.message)),
  };
}

/** Proxies quote what the provider behind them said, and give a code of their own. */
function quotedCodes(text: string): string[] {
  const at = text.search(/\{\s*\\?"(?:error\\?":|type\\?":\s*\\?"error)/);
  if (at < 0) return [];
  return [...text.slice(at).matchAll(/"(?:error_code|code|type)\\?":\s*\\?"([a-z_]{3,60})\\?"/g)].flatMap(
    ([, code]) => code ?? [],
  );
}

/** The SDKs name their errors by class, not by `name`; a syntax error keeps its name across realms. */
function nameOf(error: Error): string {
  return error.name === 'Error' ? error.constructor.name : error.name;
}

/** A frame after 200 has no status of its own, but a proxy may put the backend's into the body. */
function statusOf(own: unknown, inner: Readonly<Record<string, unknown>>): number | undefined {
  if (typeof own === 'number') return own;
  const told = Number(inner['code']);
  return Number.isInteger(told) && told >= 400 && told < 600 ? told : undefined;
}

/** The error, what caused it, and so on. */
function causesOf(error: unknown): object[] {
  const causes: object[] = [];
  for (let at = error; causes.length < maxCauses && isObject(at);) {
    causes.push(at);
    const several = fields(at)['errors'];
    at = fields(at)['cause'] ?? (Array.isArray(several) ? (several as unknown[])[0] : undefined);
  }
  return causes;
}

const badAddress = /^(?:bad port|invalid url|unknown scheme|url scheme|failed to parse url)/i;

const networkCodes =
  /^(?:E[A-Z]{3,}|E[A-Z]+_[A-Z_]+|UND_ERR_\w+|CERT_\w+|ERR_(?:TLS|SSL|SOCKET|STREAM|HTTP2?)_\w+|DEPTH_ZERO\w+|SELF_SIGNED\w+|UNABLE_TO_\w+|HPE_\w+)$/;

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? (value as Readonly<Record<string, unknown>>) : {};
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isReader(value: unknown): value is HeaderReader {
  return isObject(value) && 'get' in value && typeof value.get === 'function';
}

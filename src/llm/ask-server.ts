/** One small question to a model server over plain HTTP, bounded in time and size, its failure told as a sentence. */
import type { Endpoint } from './profile.ts';

export type ServerAnswer =
  | { readonly kind: 'answered'; readonly body: unknown }
  /** `isWrong`: a setting has to be corrected; else it may be otherwise in a minute. */
  | { readonly kind: 'failed'; readonly why: string; readonly isWrong: boolean };

/** Lists of models are at most some hundred kilobytes. */
const maxBodyCharacters = 4_000_000;

/** The version whose shapes the SDK in use speaks. */
const anthropicVersion = '2026-10-21';

export async function askServer(
  endpoint: Endpoint,
  path: string,
  limitMs: number,
  body?: unknown,
): Promise<ServerAnswer> {
  try {
    const response = await fetch(`${endpoint.baseUrl}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      // A redirect could take the key to somebody else.
      redirect: 'error',
      signal: AbortSignal.timeout(limitMs),
      headers: {
        ...endpoint.headers,
        accept: 'application/json',
        authorization: `Bearer ${endpoint.apiKey}`,
        ...(endpoint.name === 'anthropic' ? { 'anthropic-version': anthropicVersion } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 401 || response.status === 403) return failed('refuses the key', true);
    if (!response.ok) return failed(`answers with status ${response.status}`);
    if (text.length > maxBodyCharacters) return failed('answers with more than a list of models');
    return parsed(text);
  } catch (error) {
    return failed(whyUnreachable(error, limitMs), badCertificate.test(codeOf(error)));
  }
}

function parsed(text: string): ServerAnswer {
  try {
    return { kind: 'answered', body: JSON.parse(text) as unknown };
  } catch {
    return failed(
      /^\s*</.test(text)
        ? 'answers with a web page: it is no model server, or something stands between'
        : 'answers with something that is not JSON',
      true,
    );
  }
}

function failed(why: string, isWrong = false): ServerAnswer {
  return { kind: 'failed', why, isWrong };
}

function whyUnreachable(error: unknown, limitMs: number): string {
  if ((error as { name?: unknown }).name === 'TimeoutError') return `does not answer within ${limitMs / 1_000} s`;
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return 'is not there: nothing listens at its address';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'has an address whose name nobody knows';
  if (badCertificate.test(code))
    return `cannot prove who it is (${code}); NODE_EXTRA_CA_CERTS names the certificates of an own authority`;
  return code === ''
    ? 'redirects, ends the connection, or has a port that is not for the web'
    : `cannot be reached (${code})`;
}

const badCertificate = /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/;

function codeOf(error: unknown): string {
  return (error as { cause?: { code?: string } }).cause?.code ?? '';
}

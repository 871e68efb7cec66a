/** Anthropic's SDK, kept from retrying, from logging and from taking settings out of the environment. */
import { Console } from 'node:console';
import Anthropic from '@anthropic-ai/sdk';
import { ModelFailure } from '../model-failure.ts';
import type { Endpoint, ModelProfile } from '../profile.ts';

/** The SDK's own headers; any other comes from the endpoint or does not leave. */
const ownHeaders = /^(?:accept|content-type|user-agent|anthropic-version|x-stainless-.*)$/;

/** Longer than the limits of a stream, which decide. */
const requestTimeoutMs = 20 * 60 * 1_000;

/** Servers on this machine ask for no key, the SDK would look for one. */
const noKey = 'none';

/** Throws a `ModelFailure` when the endpoint needs a key and has none. */
export function createClient(endpoint: Endpoint, { model }: ModelProfile): Anthropic {
  const { name, baseUrl, headers, local } = endpoint;
  if (endpoint.apiKey === '' && !local) {
    throw new ModelFailure(`${name} needs an API key and none is set. \`dpa models\` says where to set it.`, {
      kind: 'Auth',
      endpoint: name,
      model,
    });
  }
  const apiKey = endpoint.apiKey === '' ? noKey : endpoint.apiKey;
  return new Anthropic({
    // The SDK adds `v1` itself.
    baseURL: baseUrl.replace(/\/+(?:v1\/*)?$/, ''),
    apiKey,
    defaultHeaders: headers,
    webhookKey: null,
    // Temporal retries; two that retry would multiply.
    maxRetries: 0,
    timeout: requestTimeoutMs,
    // Its default logger writes to stdout and quotes answers.
    logger: new Console(process.stderr),
    logLevel: 'off',
    openTelemetry: false,
    fetch: (url, init) => fetch(url, { ...init, headers: allowed(new Headers(init?.headers), headers, apiKey) }),
  });
}

/** The SDK merges ANTHROPIC_CUSTOM_HEADERS into every request, in front of the key too. */
function allowed(sent: Headers, wanted: Readonly<Record<string, string>>, apiKey: string): Headers {
  const clean = new Headers();
  for (const [name, value] of sent) if (ownHeaders.test(name)) clean.set(name, value);
  clean.set('authorization', `Bearer ${apiKey}`);
  for (const [name, value] of Object.entries(wanted)) clean.set(name, value);
  return clean;
}

/** The SDK's client as this program wants it: one attempt, nothing from the environment, nothing on stdout. */
import OpenAI from 'openai';
import { ModelFailure } from '../model-failure.ts';
import type { Endpoint, ModelProfile } from '../profile.ts';

/** The SDK's own limit covers the headers only; the stream guard has a better one, so this one must not come first. */
const sdkTimeoutMs = 2_147_483_647;

/** Servers on this machine ask for no key, the SDK does. */
const noKey = 'none';

/** Headers that the SDK may set by itself; all others come from the endpoint. */
const ownHeaders = /^(?:accept|content-type|user-agent|x-stainless-.*)$/;

/** Throws a `ModelFailure` when the endpoint needs a key and has none. */
export function createClient(endpoint: Endpoint, profile: ModelProfile): OpenAI {
  if (endpoint.apiKey === '' && !endpoint.local) {
    throw new ModelFailure(`${endpoint.name} needs an API key and none is set. \`dpa models\` says where to set it.`, {
      kind: 'Auth',
      endpoint: endpoint.name,
      model: profile.model,
    });
  }
  const apiKey = endpoint.apiKey === '' ? noKey : endpoint.apiKey;
  return new OpenAI({
    baseURL: endpoint.baseUrl,
    apiKey,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    defaultHeaders: endpoint.headers,
    maxRetries: 0,
    timeout: sdkTimeoutMs,
    logLevel: 'off',
    // OPENAI_CUSTOM_HEADERS cannot be switched off, and could replace the key.
    fetch: (url, init) => fetch(url, { ...init, headers: filtered(new Headers(init?.headers), endpoint, apiKey) }),
  });
}

function filtered(sent: Headers, endpoint: Endpoint, apiKey: string): Headers {
  const kept = new Headers([...sent].filter(([name]) => ownHeaders.test(name)));
  kept.set('authorization', `Bearer ${apiKey}`);
  for (const [name, value] of Object.entries(endpoint.headers)) kept.set(name, value);
  return kept;
}

/** Where models are reached and with which key: read from the environment, checked, told in sentences. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Endpoint } from './profile.ts';
import type { Provider } from './profiles.ts';
import { baseUrlProblem, hostUrl, isLoopback } from './base-url.ts';
import { keyProblem } from './key-shape.ts';
import { anyModel, type ModelPolicy } from './model-policy.ts';

export type Endpoints = {
  /** What may be asked. `ollama` and `local` are always here: their usual ports on this machine need no setting. */
  readonly byName: Readonly<Partial<Record<Provider, Endpoint>>>;
  /** Why an endpoint may not be asked though something is set for it: one sentence with what to do. */
  readonly problems: Readonly<Partial<Record<Provider, string>>>;
  /** Endpoints that the environment names. */
  readonly configured: readonly Provider[];
  /** Providers whose variable for the key is there and holds nothing, as a pipeline leaves it that has no such secret. */
  readonly empty: readonly Provider[];
  /** Every key, to be taken out of whatever is written down. */
  readonly secrets: readonly string[];
  readonly policy: ModelPolicy;
};

type Environment = Readonly<Record<string, string>>;

/** What each provider reads from the environment. */
export const settings = {
  openai: { key: 'OPENAI_API_KEY', url: 'OPENAI_BASE_URL', defaultUrl: 'https://api.openai.com/v1' },
  anthropic: { key: 'ANTHROPIC_API_KEY', url: 'ANTHROPIC_BASE_URL', defaultUrl: 'https://api.anthropic.com' },
  ollama: { key: undefined, url: 'OLLAMA_HOST', defaultUrl: 'http://127.0.0.1:11434/v1' },
  local: { key: 'DPA_LOCAL_API_KEY', url: 'DPA_LOCAL_BASE_URL', defaultUrl: 'http://127.0.0.1:1234/v1' },
} as const satisfies Record<Provider, { key: string | undefined; url: string; defaultUrl: string }>;

/** Sent to servers that want no key: the SDKs refuse to go without one. */
export const noKey = 'none';

/** A key is short; a larger file is not one. */
const maxKeyFileBytes = 16 * 1024;

/** Never throws: what is wrong is told when the endpoint is wanted. */
export function endpointsFrom(
  environment: Environment,
  workingFolder: string,
  policy: ModelPolicy = anyModel,
): Endpoints {
  const byName: Partial<Record<Provider, Endpoint>> = {};
  const problems: Partial<Record<Provider, string>> = {};
  const configured: Provider[] = [];
  const empty: Provider[] = [];
  const secrets: string[] = [];
  for (const name of ['openai', 'anthropic', 'ollama', 'local'] as const) {
    const { key: keyName, url: urlName } = settings[name];
    const needsKey = name === 'openai' || name === 'anthropic';
    const key = keyName === undefined ? undefined : keyOf(environment, keyName, workingFolder);
    const url = urlOf(environment, name);
    if (key?.kind === 'found') secrets.push(key.value);
    const isSet = needsKey ? key !== undefined : (environment[urlName] ?? '') !== '';
    if (isSet) configured.push(name);
    if (needsKey && key === undefined) {
      if (keyName !== undefined && environment[keyName] === '') empty.push(name);
      continue;
    }
    const problem =
      (key?.kind === 'problem' ? key.text : undefined) ??
      (url.kind === 'problem' ? url.text : undefined) ??
      (key?.kind === 'found' && keyName !== undefined
        ? keyProblem(keyName, key.value, url.value === settings[name].defaultUrl ? name : undefined)
        : undefined);
    if (problem !== undefined) problems[name] = problem;
    else {
      const value = key?.kind === 'found' ? key.value : noKey;
      byName[name] = { name, baseUrl: url.value, apiKey: value, headers: {}, local: isLoopback(url.value) };
    }
  }
  return { byName, problems, configured, empty, secrets, policy };
}

/** Why nothing can be asked there, as one sentence that says where to set what is missing. */
export function missing(name: Provider, { problems, empty }: Endpoints): string {
  const { key } = settings[name];
  const found = empty.includes(name) ? 'it is set, but empty' : 'it is not set';
  return (
    problems[name] ??
    `Expected a key for ${name} in ${key}, ${found}. Set ${key} (or ${key}_FILE to a file that holds the key), or name another model with --model.`
  );
}

type Found = { readonly kind: 'found'; readonly value: string } | { readonly kind: 'problem'; readonly text: string };

/** From the variable, or from the file that its `_FILE` variant names. Undefined when neither is set. */
function keyOf(environment: Environment, name: string, workingFolder: string): Found | undefined {
  const value = environment[name] ?? '';
  const file = environment[`${name}_FILE`] ?? '';
  if (value !== '' && file !== '')
    return wrong(`Expected either ${name} or ${name}_FILE, found both. Unset one of them.`);
  if (value !== '') return { kind: 'found', value };
  if (file === '') return undefined;
  const path = resolve(workingFolder, file);
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length > maxKeyFileBytes)
      return wrong(
        `${name}_FILE: expected a file that holds a key and nothing else, found ${text.length} characters in ${path}.`,
      );
    if (text.trim() === '') return wrong(`${name}_FILE: expected a key in ${path}, found an empty file.`);
    return { kind: 'found', value: text.trim() };
  } catch (error) {
    const { code = 'an error' } = error as NodeJS.ErrnoException;
    return wrong(
      `${name}_FILE: expected a readable file, found ${code} for ${path}. Correct the path or its permissions.`,
    );
  }
}

function urlOf(
  environment: Environment,
  name: Provider,
): { kind: 'found'; value: string } | { kind: 'problem'; text: string; value: string } {
  const { url, defaultUrl } = settings[name];
  const given = environment[url] ?? '';
  if (given === '') return { kind: 'found', value: defaultUrl };
  const whole = name === 'ollama' ? hostUrl(given) : given;
  const text = baseUrlProblem(url, whole);
  return text === undefined
    ? { kind: 'found', value: whole.replace(/\/+$/, '') }
    : { kind: 'problem', text, value: defaultUrl };
}

function wrong(text: string): Found {
  return { kind: 'problem', text };
}

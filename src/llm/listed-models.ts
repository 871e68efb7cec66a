/** What a server says about its models: which there are, and how much each can read. */
import { askServer } from './ask-server.ts';
import type { Effort, Endpoint, ModelProfile } from './profile.ts';

export type Listed = { readonly id: string; readonly entry: Readonly<Record<string, unknown>> };

export type Listing =
  | { readonly kind: 'listed'; readonly models: readonly Listed[] }
  | { readonly kind: 'failed'; readonly why: string; readonly isWrong: boolean };

/** Models of one list that are looked at. */
const maxListed = 1_000;

/** A server that is to be used is given longer than one that is only looked for. */
export const listLimitMs = 3_000;

/** Requires what only a model server answers: `{data: [{id}]}`, and `object: 'list'` from all but Anthropic. */
export async function listModels(endpoint: Endpoint, limitMs: number = listLimitMs): Promise<Listing> {
  const isAnthropic = endpoint.name === 'anthropic';
  const answer = await askServer(endpoint, isAnthropic ? '/v1/models?limit=1000' : '/models', limitMs);
  if (answer.kind === 'failed') return answer;
  const { object, data } = recordOf(answer.body);
  const models = Array.isArray(data) ? data.slice(0, maxListed).map(recordOf) : undefined;
  if (models === undefined || (!isAnthropic && object !== 'list') || models.some(({ id }) => typeof id !== 'string'))
    return { kind: 'failed', why: 'answers with JSON that is no list of models', isWrong: true };
  return { kind: 'listed', models: models.map((entry) => ({ id: String(entry['id']), entry })) };
}

/** The profile with what Anthropic's list says of the model; unchanged where it says nothing. */
export function fillFromAnthropic(profile: ModelProfile, models: readonly Listed[]): ModelProfile {
  const entry = models.find(({ id }) => id === profile.model)?.entry;
  if (entry === undefined) return profile;
  const capabilities = recordOf(entry['capabilities']);
  const effort = recordOf(capabilities['effort']);
  const efforts = (['low', 'medium', 'high', 'xhigh', 'max'] as const satisfies Effort[]).filter((level) =>
    isSupported(effort[level]),
  );
  const { structured_outputs: structured } = capabilities;
  return {
    ...profile,
    inputWindow: count(entry['max_input_tokens']) ?? profile.inputWindow,
    maxOutput: count(entry['max_tokens']) ?? profile.maxOutput,
    ...(capabilities['effort'] === undefined ? {} : { efforts }),
    ...(structured === undefined ? {} : { structuredOutput: isSupported(structured) }),
    known: true,
  };
}

/** Tokens that the server will read, where it says so; a model's own maximum does not count, a server may cut earlier. */
export async function windowOf(endpoint: Endpoint, model: string): Promise<number | undefined> {
  if (endpoint.name === 'ollama') return ollamaWindow(endpoint, model);
  const listing = await listModels(endpoint);
  if (listing.kind === 'failed') return undefined;
  const entry = listing.models.find(({ id }) => id === model)?.entry;
  // The words of vLLM, and of LM Studio and others.
  const listed =
    count(entry?.['max_model_len']) ?? count(entry?.['loaded_context_length']) ?? count(entry?.['context_length']);
  if (listed !== undefined || entry === undefined) return listed;
  const [ofLlama, ofLiteLlm] = await Promise.all([llamaWindow(endpoint, entry), liteLlmWindow(endpoint, model)]);
  return ofLlama ?? ofLiteLlm;
}

/** llama.cpp's server divides its context among those it answers at once: `/props` says what each of them gets. */
async function llamaWindow(endpoint: Endpoint, entry: Listed['entry']): Promise<number | undefined> {
  const props = await askServer(rootOf(endpoint), '/props', listLimitMs);
  const each = props.kind === 'answered' ? recordOf(recordOf(props.body)['default_generation_settings']) : {};
  return count(each['n_ctx']) ?? count(recordOf(entry['meta'])['n_ctx']);
}

/** LiteLLM's proxy says what it knows of the model behind a name; of several behind one name the smallest counts. */
async function liteLlmWindow(endpoint: Endpoint, model: string): Promise<number | undefined> {
  const info = await askServer(rootOf(endpoint), '/model/info', listLimitMs);
  const { data } = info.kind === 'answered' ? recordOf(info.body) : {};
  const windows = (Array.isArray(data) ? data.slice(0, maxListed).map(recordOf) : [])
    .filter(({ model_name: name }) => name === model)
    .flatMap((entry) => count(recordOf(entry['model_info'])['max_input_tokens']) ?? []);
  return windows.length === 0 ? undefined : Math.min(...windows);
}

function rootOf(endpoint: Endpoint): Endpoint {
  return { ...endpoint, baseUrl: endpoint.baseUrl.replace(/\/v1$/, '') };
}

/** The window of the loaded model; else what its file sets. Ollama's own default depends on the machine and stays unknown. */
async function ollamaWindow(endpoint: Endpoint, model: string): Promise<number | undefined> {
  const root = rootOf(endpoint);
  const [loaded, shown] = await Promise.all([
    askServer(root, '/api/ps', listLimitMs),
    askServer(root, '/api/show', listLimitMs, { model }),
  ]);
  const running = loaded.kind === 'answered' ? recordOf(loaded.body)['models'] : undefined;
  const names = [model, `${model}:latest`];
  const entry = Array.isArray(running)
    ? running.map(recordOf).find(({ name }) => names.includes(String(name)))
    : undefined;
  const parameters = shown.kind === 'answered' ? recordOf(shown.body)['parameters'] : undefined;
  const set = typeof parameters === 'string' ? /^num_ctx\s+(\d+)/m.exec(parameters)?.[1] : undefined;
  return count(entry?.['context_length']) ?? count(Number(set));
}

function isSupported(value: unknown): boolean {
  return recordOf(value)['supported'] === true;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

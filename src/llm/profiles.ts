/** The models that are known, as data, and the careful profile of one that is not. */
import type { Price } from '../analysis/price.ts';
import type { Effort, ModelProfile, TokenCount } from './profile.ts';

/**
 * Unknown models. A window guessed too large loses the beginning of a conversation without a word, one guessed too small
 * only asks for a setting: Ollama cuts at 4,096 tokens unless told otherwise.
 */
const carefulWindow = { openai: 128_000, anthropic: 200_000, ollama: 4_096, local: 8_192 } as const;

const carefulOutput = { openai: 16_384, anthropic: 32_000, ollama: 2_048, local: 4_096 } as const;

/** Last look at the price lists, where no other day is given. */
const asOf = '2026-09-23';

/** The model itself costs nothing: it runs on this machine. */
const free: Price = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, asOf: 'always: it runs on this machine' };

const upToMax: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max'];

/** Measured with the tokenizer of OpenAI's models: 2.6 for JSON, 4.7 for prose, 1.7 for CSV. */
const openAiTokens: TokenCount = { charactersPerToken: 2.6, cachedInput: 'included' };

/** There is no tokenizer to measure with: guessed low, so that rather too many are foreseen. */
const claudeTokens: TokenCount = { charactersPerToken: 2, cachedInput: 'apart' };

/** Between JSON and prose: a small window that is taken for full would be shortened for nothing. */
const unknownTokens: TokenCount = { charactersPerToken: 3, cachedInput: 'included' };

type Known = Omit<ModelProfile, 'ref' | 'endpoint' | 'model' | 'known'>;

/** Reasoning models of OpenAI: tools with reasoning work on Responses only, and a temperature is refused. */
function reasoning(inputWindow: number, efforts: readonly Effort[], price?: Price): Known {
  return {
    dialect: 'openai-responses',
    inputWindow,
    maxOutput: 128_000,
    temperature: 'refused',
    efforts,
    structuredOutput: true,
    parallelTools: true,
    tokens: openAiTokens,
    reasoningReplay: 'encrypted',
    ...(price === undefined ? {} : { price }),
  };
}

/** Without reasoning: here a low temperature is still legal. */
function plain(price: Price): Known {
  return { ...reasoning(1_047_576, [], price), maxOutput: 32_768, temperature: 'allowed', reasoningReplay: 'none' };
}

function claude(inputWindow: number, maxOutput: number, efforts: readonly Effort[], price?: Price): Known {
  return {
    dialect: 'anthropic-messages',
    inputWindow,
    maxOutput,
    temperature: 'refused',
    efforts,
    structuredOutput: true,
    parallelTools: true,
    tokens: claudeTokens,
    reasoningReplay: 'append-only',
    ...(price === undefined ? {} : { price }),
  };
}

/** Requests whose input is longer than this cost more, the whole of them. */
const longFrom = 272_000;

const openAi: Readonly<Record<string, Known>> = {
  'gpt-6.1-sol': reasoning(1_050_000, upToMax),
  'gpt-6-luna': reasoning(1_050_000, ['none', ...upToMax], {
    input: 0.1,
    cachedInput: 0.01,
    cacheWrite: 0.125,
    output: 0.5,
    asOf,
    long: { from: longFrom, input: 0.2, cachedInput: 0.02, cacheWrite: 0.25, output: 0.75 },
  }),
  'gpt-6-astra': reasoning(1_050_000, upToMax, {
    input: 10,
    cachedInput: 1,
    cacheWrite: 12.5,
    output: 50,
    asOf,
    long: { from: longFrom, input: 20, cachedInput: 2, cacheWrite: 25, output: 75 },
  }),
  'gpt-5.6-terra': reasoning(1_050_000, ['none', 'low', 'medium', 'high', 'xhigh'], {
    input: 2,
    cachedInput: 0.2,
    cacheWrite: 2.5,
    output: 12,
    asOf,
    long: { from: longFrom, input: 4, cachedInput: 0.4, cacheWrite: 5, output: 18 },
  }),
  'gpt-5.5': reasoning(1_000_000, ['none', 'low', 'medium', 'high', 'xhigh'], {
    input: 5,
    cachedInput: 0.5,
    cacheWrite: 5,
    output: 30,
    asOf,
    long: { from: longFrom, input: 10, cachedInput: 1, cacheWrite: 10, output: 45 },
  }),
  'gpt-4.1': plain({ input: 2, cachedInput: 0.5, cacheWrite: 2, output: 8, asOf }),
  'gpt-4.1-mini': plain({ input: 0.4, cachedInput: 0.1, cacheWrite: 0.4, output: 1.6, asOf }),
};

const anthropic: Readonly<Record<string, Known>> = {
  'claude-sonnet-5-5': claude(1_000_000, 128_000, upToMax, {
    input: 2,
    cachedInput: 0.2,
    cacheWrite: 2.5,
    cacheWriteHour: 4,
    output: 10,
    asOf,
  }),
  'claude-opus-5-5': claude(1_000_000, 128_000, upToMax, {
    input: 4,
    cachedInput: 0.2,
    cacheWrite: 5,
    cacheWriteHour: 8,
    output: 20,
    asOf,
  }),
  'claude-fable-5-1': claude(1_000_000, 128_000, upToMax, {
    input: 10,
    cachedInput: 0.25,
    cacheWrite: 12.5,
    cacheWriteHour: 20,
    output: 50,
    asOf,
  }),
  'claude-haiku-5-5': claude(200_000, 64_000, ['low', 'medium', 'high']),
};

/** The planner that works without a model. */
export const builtinProfile: ModelProfile = {
  ref: 'builtin',
  dialect: 'builtin',
  model: 'builtin',
  endpoint: 'builtin',
  inputWindow: 10_000_000,
  maxOutput: 1_000_000,
  temperature: 'refused',
  efforts: [],
  structuredOutput: false,
  parallelTools: true,
  tokens: unknownTokens,
  reasoningReplay: 'none',
  rereads: true,
  price: free,
  known: true,
};

/** What a reference may begin with. */
export const providers = ['openai', 'anthropic', 'ollama', 'local'] as const;

export type Provider = (typeof providers)[number];

/** References of every model that is known by name. */
export const knownRefs: readonly string[] = [
  ...Object.keys(openAi).map((id) => `openai/${id}`),
  ...Object.keys(anthropic).map((id) => `anthropic/${id}`),
  'builtin',
];

/** Undefined when the reference names no provider that there is. */
export function profileOf(ref: string): ModelProfile | undefined {
  if (ref === 'builtin') return builtinProfile;
  const slash = ref.indexOf('/');
  const provider = providers.find((name) => name === ref.slice(0, Math.max(slash, 0)));
  const model = ref.slice(slash + 1);
  if (provider === undefined || !/^[^\s\p{C}]{1,200}$/u.test(model)) return undefined;
  const known = knownOf(provider, model);
  return { ref, model, endpoint: provider, ...(known ?? careful(provider)), known: known !== undefined };
}

/** A model with a date at its end is the one without. */
function knownOf(provider: Provider, model: string): Known | undefined {
  const name = model.replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2})$/, '');
  const table = provider === 'openai' ? openAi : provider === 'anthropic' ? anthropic : {};
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Only what every model of the dialect takes; no price, since unknown is not free. */
function careful(provider: Provider): Known {
  const limits = { inputWindow: carefulWindow[provider], maxOutput: carefulOutput[provider] };
  switch (provider) {
    case 'openai':
      // Whether it reasons is not known, and one that does not refuses to be asked for its reasoning.
      return { ...reasoning(limits.inputWindow, []), ...limits, reasoningReplay: 'none' };
    case 'anthropic':
      return { ...claude(limits.inputWindow, limits.maxOutput, []), structuredOutput: false };
    case 'ollama':
    case 'local':
      return {
        dialect: 'openai-chat',
        ...limits,
        temperature: 'allowed',
        efforts: [],
        structuredOutput: false,
        parallelTools: true,
        tokens: unknownTokens,
        reasoningReplay: 'none',
        price: free,
      };
  }
}

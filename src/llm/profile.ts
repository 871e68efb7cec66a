/** What is known about a model: its dialect, its limits, what it takes and what it costs. Plain data. */
import type { Price } from '../analysis/price.ts';

export type Dialect = 'openai-responses' | 'openai-chat' | 'anthropic-messages' | 'builtin';

export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** What a model calls a token. */
export type TokenCount = {
  /** Characters of the JSON that results come as, in one token: fewer are foreseen rather than more. */
  readonly charactersPerToken: number;
  /** Whether the input that the provider reports holds the tokens it had kept, or counts them apart. */
  readonly cachedInput: 'included' | 'apart';
};

export type ModelProfile = {
  /** `provider/id`, e.g. `anthropic/claude-sonnet-5-5`. */
  readonly ref: string;
  readonly dialect: Dialect;
  /** The id on the wire. */
  readonly model: string;
  /** Key of the endpoint it is reached at: `openai`, `anthropic`, `ollama`, `local`, `builtin`. */
  readonly endpoint: string;
  /** Tokens; a careful default for a model nobody knows. */
  readonly inputWindow: number;
  readonly maxOutput: number;
  readonly temperature: 'allowed' | 'refused';
  readonly efforts: readonly Effort[];
  readonly structuredOutput: boolean;
  readonly parallelTools: boolean;
  readonly tokens: TokenCount;
  readonly reasoningReplay: 'none' | 'append-only' | 'encrypted';
  /** Absent: unknown, which is not the same as free. */
  readonly price?: Price;
  /** It works through the whole conversation anew each time, so it is never given a shortened one. */
  readonly rereads?: true;
  /** False when this is the careful default of an unknown model. */
  readonly known: boolean;
};

/** Where and how an endpoint is reached; the key itself never leaves the worker's memory. */
export type Endpoint = {
  readonly name: string;
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly headers: Readonly<Record<string, string>>;
  /** True for servers on this machine: refused connections are not retried for long. */
  readonly local: boolean;
};

/** The one interface behind which every model stands, the built-in planner included. */
import type { Message } from '../analysis/conversation.ts';
import type { CacheTtl } from '../analysis/price.ts';
import type { Effort, ModelProfile } from './profile.ts';

export type ToolSpec = {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
};

/** A closed JSON schema the answer's text must follow. */
export type OutputShape = { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };

export type ModelRequest = {
  readonly session: string;
  readonly turn: number;
  /** Reference of the model, e.g. `builtin`, `openai/gpt-6.1-sol`. */
  readonly model: string;
  readonly system: string;
  /** Sorted and frozen for a transcript segment. */
  readonly tools: readonly ToolSpec[];
  readonly messages: readonly Message[];
  /** Earlier messages are told by a summary: ids of new calls must not be theirs. */
  readonly shortened?: true;
  readonly effort?: Effort;
  readonly maxOutputTokens?: number;
  readonly output?: OutputShape;
  /** `1h` where a person may be asked. */
  readonly cacheTtl?: CacheTtl;
};

/** Inclusive counts: `inputTokens` holds the cached ones and the cache writes, `outputTokens` the reasoning ones. */
export type Usage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly reasoningTokens?: number;
};

/** `stop`: said what it had to say · `toolCalls` · `length`: cut at the output limit, its tool calls are dropped ·
 * `refusal` · `paused`: to be asked again with what there is · `contextFull`. */
export type Finish = 'stop' | 'toolCalls' | 'length' | 'refusal' | 'paused' | 'contextFull';

export type ModelReply = {
  readonly message: Extract<Message, { role: 'assistant' }>;
  readonly finish: Finish;
  readonly usage: Usage;
  /** The model that really answered, as the provider names it. */
  readonly servedModel?: string;
  readonly requestId?: string;
  /** Why it refused, in the provider's word. */
  readonly refusal?: string;
};

/** What happens while an answer is produced; for people, never the record. */
export type StreamEvent =
  | { readonly kind: 'text'; readonly delta: string }
  | { readonly kind: 'reasoning'; readonly delta: string }
  | { readonly kind: 'tool'; readonly name: string };

export type ModelContext = {
  /** Aborted when the analysis is interrupted; the provider closes its stream at once and rejects. */
  readonly signal: AbortSignal;
  /** Called for each piece; must not throw. */
  readonly emit: (event: StreamEvent) => void;
  /** Whether the model of another provider can take over at once. */
  readonly hasAnother?: boolean;
};

export type ModelProvider = {
  readonly profile: ModelProfile;
  /** Rejects with a `ModelFailure`; never resolves with half an answer. */
  complete(request: ModelRequest, context: ModelContext): Promise<ModelReply>;
};

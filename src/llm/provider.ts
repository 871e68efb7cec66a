/** The one interface behind which every model stands, the built-in planner included. */
import type { Message } from '../analysis/conversation.ts';

export type ToolSpec = {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
};

export type ModelRequest = {
  readonly session: string;
  readonly turn: number;
  /** Id of the model, e.g. `builtin`. */
  readonly model: string;
  readonly system: string;
  readonly tools: readonly ToolSpec[];
  readonly messages: readonly Message[];
};

export type Usage = { readonly inputTokens: number; readonly outputTokens: number };

export type Finish = 'stop' | 'toolCalls' | 'length' | 'refusal';

export type ModelReply = {
  readonly message: Extract<Message, { role: 'assistant' }>;
  readonly finish: Finish;
  readonly usage: Usage;
};

export type ModelProvider = {
  /** Rejects with a `Model.*` failure; must honour the signal. */
  complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
};

/** A model that answers from a script, counts what it was asked, and complains when asked too much or too little. */
import type { Message, ToolCall } from '../../src/analysis/conversation.ts';
import { profileOf } from '../../src/llm/profiles.ts';
import type { ModelProfile } from '../../src/llm/profile.ts';
import type { ModelContext, ModelProvider, ModelReply, ModelRequest } from '../../src/llm/provider.ts';

export type ScriptedReply =
  ModelReply | ((request: ModelRequest, signal: AbortSignal, emit: ModelContext['emit']) => Promise<ModelReply>);

const { rereads: _, ...builtin } = profileOf('builtin')!;

/** Takes everything and costs nothing. */
export const scriptedProfile: ModelProfile = { ...builtin, ref: 'scripted', model: 'scripted' };

/** A context for one call made by a test. */
export function modelContext(signal: AbortSignal = new AbortController().signal): ModelContext {
  return { signal, emit: () => undefined };
}

export type ScriptedModel = ModelProvider & {
  /** Every request, in order; its length is the number of model calls that were paid for. */
  readonly requests: readonly ModelRequest[];
  /** Throws when replies are left: the test expected more calls than were made. */
  assertUsedUp(): void;
};

export function scriptedModel(replies: readonly ScriptedReply[]): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    profile: scriptedProfile,
    requests,
    async complete(request, { signal, emit }) {
      const next = replies[requests.length];
      requests.push(request);
      if (next === undefined)
        throw new Error(`the model was asked ${requests.length} times, ${replies.length} expected`);
      return typeof next === 'function' ? next(request, signal, emit) : next;
    },
    assertUsedUp() {
      const left = replies.length - requests.length;
      if (left !== 0) throw new Error(`${left} scripted replies were not asked for`);
    },
  };
}

type CallSpec = { readonly id: string; readonly name: string; readonly arguments?: Readonly<Record<string, unknown>> };

/** A reply with words and calls; 100 tokens in, 10 out. */
export function reply(text: string, calls: readonly CallSpec[] = []): ModelReply {
  const parts = calls.map((call): ToolCall => ({
    kind: 'toolCall',
    id: call.id,
    name: call.name,
    arguments: call.arguments ?? {},
  }));
  const message: Extract<Message, { role: 'assistant' }> = {
    role: 'assistant',
    parts: text === '' ? parts : [{ kind: 'text', text }, ...parts],
  };
  return {
    message,
    finish: calls.length > 0 ? 'toolCalls' : 'stop',
    usage: { inputTokens: 100, outputTokens: 10 },
  };
}

/** Puts the chunks of a Chat Completions stream together into a reply. */
import type { OpenAI } from 'openai';
import { toolCallsOf, type Text, type ToolCall } from '../../analysis/conversation.ts';
import { ModelFailure } from '../model-failure.ts';
import type { Endpoint, ModelProfile } from '../profile.ts';
import type { Finish, ModelReply, ModelRequest, StreamEvent, Usage } from '../provider.ts';
import { notTheProtocol, type Progress } from '../stream-guard.ts';
import { readToolArguments } from '../tool-arguments.ts';
import { neutralIds, neutralNames } from '../wire-names.ts';
import { createCallCollector, type CallDelta, type CollectedCall } from './chat-calls.ts';
import type { Reader } from './responses-stream.ts';
import { checkNothingWasCut } from './shrunk-input.ts';
import { estimatedUsage } from './usage.ts';

export type ChatChunk = OpenAI.Chat.Completions.ChatCompletionChunk;

/** What servers add to the SDK's type. */
type Delta = {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  readonly tool_calls?: readonly CallDelta[] | null;
};

export function createChatReader(
  request: ModelRequest,
  profile: ModelProfile,
  endpoint: Endpoint,
  emit: (event: StreamEvent) => void,
): Reader<ChatChunk> {
  const where = { endpoint: endpoint.name, model: profile.model };
  const nameOf = neutralNames(request.tools);
  const collector = createCallCollector((name) => emit({ kind: 'tool', name: nameOf(name) }));
  let text = '';
  let refusal = '';
  let reason: string | undefined;
  let usage: Usage | undefined;
  let model: string | undefined;
  let seen: 'nothing' | 'chunks' | 'choices' = 'nothing';

  function read(chunk: ChatChunk): Progress {
    if (!Array.isArray(chunk?.choices)) throw notTheProtocol('an event without choices', where);
    model ??= chunk.model;
    usage = toUsage(chunk.usage) ?? usage;
    const choice = chunk.choices[0];
    if (seen !== 'choices') seen = choice === undefined ? 'chunks' : 'choices';
    if (choice === undefined) return reason === undefined ? 'quiet' : 'whole';
    reason = choice.finish_reason ?? reason;
    const progress = take(choice.delta ?? {});
    return reason === undefined ? progress : 'whole';
  }

  function take(delta: Delta): Progress {
    const thought = delta.reasoning_content ?? delta.reasoning ?? '';
    if (thought !== '') emit({ kind: 'reasoning', delta: thought });
    if (typeof delta.content === 'string' && delta.content !== '') {
      text += delta.content;
      emit({ kind: 'text', delta: delta.content });
    }
    refusal += delta.refusal ?? '';
    for (const call of delta.tool_calls ?? []) collector.add(call);
    return Object.values(delta).some((value) => value !== null && value !== '') ? 'content' : 'quiet';
  }

  function ended(): void {
    if (seen === 'chunks') throw notTheProtocol('a stream without a single choice', where);
  }

  function reply(): ModelReply {
    checkNothingWasCut(request, usage, endpoint, where);
    const finish = finishOf(reason, collector.calls, refusal);
    const said: Text[] = text === '' ? [] : [{ kind: 'text', text }];
    // A call of an answer that was cut may parse, and what it would do is not what was meant.
    const calls = finish === 'toolCalls' ? toCalls(collector.calls, request, nameOf) : [];
    return {
      message: { role: 'assistant', parts: [...said, ...calls] },
      finish,
      usage:
        usage ??
        estimatedUsage(
          [request.system, request.tools, request.messages],
          [text, refusal, collector.calls],
          profile.tokens,
        ),
      ...(typeof model === 'string' && model !== '' ? { servedModel: model } : {}),
      ...(finish === 'refusal' ? { refusal: refusal === '' ? (reason ?? 'refused') : refusal } : {}),
    };
  }

  function finishOf(given: string | undefined, calls: readonly CollectedCall[], refused: string): Finish {
    if (refused !== '' || given === 'content_filter') return 'refusal';
    if (given === 'length') return 'length';
    // Several local servers say `stop` after a call.
    if (calls.length > 0) return 'toolCalls';
    if (given !== 'tool_calls') return 'stop';
    throw new ModelFailure(`${profile.model} said that it calls tools and called none.`, {
      kind: 'BadOutput',
      ...where,
    });
  }

  return { read, ended, reply };
}

function toCalls(
  collected: readonly CollectedCall[],
  request: ModelRequest,
  nameOf: (name: string) => string,
): ToolCall[] {
  const idOf = neutralIds(
    request.messages.flatMap((message) => toolCallsOf(message).map(({ id }) => id)),
    request,
  );
  return collected.map(({ id, name, text }, position) => ({
    kind: 'toolCall',
    id: idOf(id, position),
    name: nameOf(name),
    ...readToolArguments(text),
  }));
}

function toUsage(usage: OpenAI.CompletionUsage | null | undefined): Usage | undefined {
  if (typeof usage?.prompt_tokens !== 'number' || typeof usage.completion_tokens !== 'number') return undefined;
  return {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    cachedInputTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.prompt_tokens_details?.cache_write_tokens ?? 0,
    reasoningTokens: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}

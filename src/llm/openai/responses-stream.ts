/** Puts the events of a Responses stream together into a reply. */
import { APIError, type OpenAI } from 'openai';
import { toolCallsOf, type Opaque, type Text, type ToolCall } from '../../analysis/conversation.ts';
import { prefixHashes } from '../prefix-hash.ts';
import type { ModelProfile } from '../profile.ts';
import type { Finish, ModelReply, ModelRequest, StreamEvent, Usage } from '../provider.ts';
import { notTheProtocol, type Progress } from '../stream-guard.ts';
import { readToolArguments } from '../tool-arguments.ts';
import { neutralIds, neutralNames } from '../wire-names.ts';
import { estimatedUsage } from './usage.ts';

export type ResponsesEvent = OpenAI.Responses.ResponseStreamEvent;
type Item = OpenAI.Responses.ResponseOutputItem;
type Part = Opaque | Text | ToolCall;

export type Reader<Event> = {
  /** Throws what the stream itself reports as failed. */
  read(event: Event): Progress;
  /** Of a stream that ended early: throws what says more than that. */
  ended?(): void;
  /** Valid once `read` has said `whole`. */
  reply(): ModelReply;
};

export function createResponsesReader(
  request: ModelRequest,
  profile: ModelProfile,
  emit: (event: StreamEvent) => void,
): Reader<ResponsesEvent> {
  const items = new Map<number, Item>();
  const nameOf = neutralNames(request.tools);
  let last: OpenAI.Responses.Response | undefined;

  function read(event: ResponsesEvent): Progress {
    switch (event?.type) {
      case 'response.output_text.delta':
        emit({ kind: 'text', delta: event.delta });
        return 'content';
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        emit({ kind: 'reasoning', delta: event.delta });
        return 'content';
      case 'response.output_item.added':
        if (event.item.type === 'function_call') emit({ kind: 'tool', name: nameOf(event.item.name) });
        return 'content';
      // Only here is reasoning complete: the copy of `added` may be cut.
      case 'response.output_item.done':
        items.set(event.output_index, event.item);
        return 'content';
      case 'response.completed':
      case 'response.incomplete':
        last = event.response;
        return 'whole';
      case 'response.failed':
        throw new APIError(undefined, event.response.error ?? {}, undefined, undefined);
      case 'error':
        throw new APIError(undefined, event, undefined, undefined);
      default:
        if (typeof event?.type !== 'string') {
          throw notTheProtocol('an event without a type', { endpoint: profile.endpoint, model: profile.model });
        }
        return event.type.endsWith('.delta') || event.type.endsWith('.done') ? 'content' : 'quiet';
    }
  }

  function reply(): ModelReply {
    const ordered = [...items].sort(([left], [right]) => left - right).map(([, item]) => item);
    const output = ordered.length > 0 ? ordered : (last?.output ?? []);
    const parts = toParts(output, request, profile);
    const refusal = refusalIn(output);
    const finish = finishOf(last, parts, refusal);
    return {
      message: { role: 'assistant', parts: finish === 'toolCalls' || finish === 'stop' ? parts : withoutCalls(parts) },
      finish,
      usage:
        toUsage(last?.usage) ??
        estimatedUsage([request.system, request.tools, request.messages], output, profile.tokens),
      ...(last?.model === undefined ? {} : { servedModel: last.model }),
      ...(finish === 'refusal' ? { refusal: refusal ?? last?.incomplete_details?.reason ?? 'refused' } : {}),
    };
  }

  return { read, reply };
}

function toParts(output: readonly Item[], request: ModelRequest, profile: ModelProfile): Part[] {
  const nameOf = neutralNames(request.tools);
  const idOf = neutralIds(
    request.messages.flatMap((message) => toolCallsOf(message).map(({ id }) => id)),
    request,
  );
  const prefixHash = prefixHashes(request).at(-1)!;
  return output.flatMap((item, position): Part[] => {
    if (item.type === 'message') {
      const text = item.content.map((part) => (part.type === 'output_text' ? part.text : '')).join('');
      return text === '' ? [] : [{ kind: 'text', text }];
    }
    if (item.type === 'function_call') {
      const call = { id: idOf(item.call_id, position), name: nameOf(item.name), ...readToolArguments(item.arguments) };
      return [{ kind: 'toolCall', ...call }];
    }
    if (item.type !== 'reasoning' || typeof item.encrypted_content !== 'string') return [];
    const { type, id, summary, encrypted_content: sealed } = item;
    const payload = { type, id, summary, encrypted_content: sealed };
    return [{ kind: 'opaque', dialect: profile.dialect, model: profile.ref, prefixHash, payload }];
  });
}

function refusalIn(output: readonly Item[]): string | undefined {
  const said = output.flatMap((item) => (item.type === 'message' ? item.content : []));
  return said.find((part) => part.type === 'refusal')?.refusal;
}

function finishOf(last: OpenAI.Responses.Response | undefined, parts: readonly Part[], refusal?: string): Finish {
  const reason = last?.incomplete_details?.reason;
  if (refusal !== undefined || reason === 'content_filter') return 'refusal';
  if (last?.status === 'incomplete') return reason === 'max_output_tokens' ? 'length' : 'paused';
  return parts.some(({ kind }) => kind === 'toolCall') ? 'toolCalls' : 'stop';
}

/** Half a call may parse, and what it would do is not what was meant; reasoning goes with the call it led to. */
function withoutCalls(parts: readonly Part[]): Part[] {
  return parts.filter(({ kind }) => kind === 'text');
}

function toUsage(usage: OpenAI.Responses.ResponseUsage | undefined | null): Usage | undefined {
  if (typeof usage?.input_tokens !== 'number' || typeof usage.output_tokens !== 'number') return undefined;
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cachedInputTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.input_tokens_details?.cache_write_tokens ?? 0,
    reasoningTokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
  };
}

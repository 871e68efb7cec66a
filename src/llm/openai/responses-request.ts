/** Translates a neutral request into the body of OpenAI's Responses API. */
import type { OpenAI } from 'openai';
import type { Message, Opaque } from '../../analysis/conversation.ts';
import { pairResults } from '../pairing.ts';
import { prefixHashes } from '../prefix-hash.ts';
import type { ModelProfile } from '../profile.ts';
import type { ModelRequest } from '../provider.ts';
import { wireId, wireName } from '../wire-names.ts';
import { effortFor, outputTokensFor, shapeFor, sortedTools, temperatureFor } from '../parameters.ts';
import { resultText } from './result-text.ts';
import { toolSchema } from './tool-schema.ts';

export type ResponsesBody = OpenAI.Responses.ResponseCreateParamsStreaming;
type Item = OpenAI.Responses.ResponseInputItem;

/** The API refuses less. */
const minOutputTokens = 16;

/** Longest key the API takes. */
const maxCacheKey = 64;

export function toResponsesBody(request: ModelRequest, profile: ModelProfile): ResponsesBody {
  const effort = effortFor(profile, request.effort);
  const shape = shapeFor(profile, request);
  const room = outputTokensFor(profile, request.maxOutputTokens, minOutputTokens);
  return {
    model: profile.model,
    stream: true,
    // The history of the analysis is the only owner of the conversation.
    store: false,
    // A model that does not reason refuses to be asked for it.
    ...(profile.reasoningReplay === 'encrypted' ? { include: ['reasoning.encrypted_content'] } : {}),
    instructions: request.system,
    input: toInput(request, profile),
    prompt_cache_key: request.session.slice(-maxCacheKey),
    ...temperatureFor(profile),
    ...(effort === undefined ? {} : { reasoning: effort === 'none' ? { effort } : { effort, summary: 'auto' } }),
    ...(room === undefined ? {} : { max_output_tokens: room }),
    ...(shape === undefined ? {} : { text: { format: { type: 'json_schema', ...shape } } }),
    ...(request.tools.length === 0 ? {} : toTools(request, profile)),
  };
}

function toTools({ tools }: ModelRequest, { parallelTools }: ModelProfile): Pick<ResponsesBody, 'tools'> {
  return {
    tools: sortedTools(tools).map(({ name, description, inputSchema }) => ({
      type: 'function',
      name: wireName(name),
      description,
      parameters: toolSchema(inputSchema),
      // Left out, the API would rewrite schemas that were never meant to be strict.
      strict: false,
    })),
    ...(parallelTools ? {} : { parallel_tool_calls: false }),
  };
}

function toInput(request: ModelRequest, profile: ModelProfile): Item[] {
  const hashes = prefixHashes(request);
  return pairResults(request.messages).flatMap(({ message, index }) => toItems(message, hashes[index]!, profile));
}

function toItems(message: Message, prefixHash: string, profile: ModelProfile): Item[] {
  if (message.role === 'tool') {
    return message.parts.map((result) => ({
      type: 'function_call_output',
      call_id: wireId(result.callId),
      output: resultText(result),
    }));
  }
  if (message.role === 'user') {
    const content = message.parts
      .filter(({ text }) => text !== '')
      .map(({ text }) => ({ type: 'input_text' as const, text }));
    return content.length === 0 ? [] : [{ type: 'message', role: 'user', content }];
  }
  return message.parts.flatMap((part, position): Item[] => {
    if (part.kind === 'text') return part.text === '' ? [] : [{ role: 'assistant', content: part.text }];
    if (part.kind === 'toolCall') {
      const { id, name, arguments: input } = part;
      return [{ type: 'function_call', call_id: wireId(id), name: wireName(name), arguments: JSON.stringify(input) }];
    }
    return isReadable(part, prefixHash, profile) && hasFollower(message, position) ? [part.payload as Item] : [];
  });
}

/** Only the model that made it can read it, and only over what stood before it then. */
function isReadable(part: Opaque, prefixHash: string, { dialect, ref, reasoningReplay }: ModelProfile): boolean {
  return (
    reasoningReplay === 'encrypted' &&
    part.dialect === dialect &&
    part.model === ref &&
    part.prefixHash === prefixHash &&
    (part.payload as { type?: unknown } | null)?.type === 'reasoning'
  );
}

/** A reasoning item without the item it led to is refused. */
function hasFollower({ parts }: Extract<Message, { role: 'assistant' }>, position: number): boolean {
  return parts
    .slice(position + 1)
    .some((part) => part.kind === 'toolCall' || (part.kind === 'text' && part.text !== ''));
}

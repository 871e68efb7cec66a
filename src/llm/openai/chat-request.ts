/** Translates a neutral request into the body of the Chat Completions API. */
import type { OpenAI } from 'openai';
import { textOf, toolCallsOf, type Message } from '../../analysis/conversation.ts';
import { pairResults } from '../pairing.ts';
import type { Endpoint, ModelProfile } from '../profile.ts';
import type { ModelRequest } from '../provider.ts';
import { wireId, wireName } from '../wire-names.ts';
import { effortFor, outputTokensFor, shapeFor, sortedTools, temperatureFor } from '../parameters.ts';
import { resultText } from './result-text.ts';
import { toolSchema } from './tool-schema.ts';

export type ChatBody = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;
type ChatMessage = OpenAI.Chat.Completions.ChatCompletionMessageParam;

/** Longest key the API takes. */
const maxCacheKey = 64;

export function toChatBody(request: ModelRequest, profile: ModelProfile, endpoint: Endpoint): ChatBody {
  const effort = effortOf(request, profile, endpoint);
  const shape = shapeFor(profile, request);
  const system: ChatMessage[] = request.system === '' ? [] : [{ role: 'system', content: request.system }];
  return {
    model: profile.model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [...system, ...pairResults(request.messages).flatMap(({ message }) => toMessages(message))],
    ...temperatureFor(profile),
    ...(effort === undefined ? {} : { reasoning_effort: effort }),
    ...(shape === undefined ? {} : { response_format: { type: 'json_schema', json_schema: shape } }),
    ...roomOf(request, profile, endpoint),
    // Other servers may refuse what they do not know.
    ...(isOpenAi(endpoint) ? { store: false, prompt_cache_key: request.session.slice(-maxCacheKey) } : {}),
    ...(request.tools.length === 0 ? {} : toTools(request, profile)),
  };
}

/** OpenAI itself refuses tools together with reasoning here; its models that must reason belong on the other dialect. */
function effortOf({ effort, tools }: ModelRequest, profile: ModelProfile, endpoint: Endpoint) {
  const silent = isOpenAi(endpoint) && tools.length > 0 && profile.efforts.includes('none');
  return silent ? 'none' : effortFor(profile, effort);
}

/** The old name is the one that all local servers know, and OpenAI refuses. */
function roomOf({ maxOutputTokens }: ModelRequest, profile: ModelProfile, endpoint: Endpoint) {
  const room = outputTokensFor(profile, maxOutputTokens);
  if (room === undefined) return {};
  return isOpenAi(endpoint) ? { max_completion_tokens: room } : { max_tokens: room };
}

function isOpenAi({ name }: Endpoint): boolean {
  return name === 'openai';
}

function toTools({ tools }: ModelRequest, { parallelTools }: ModelProfile): Pick<ChatBody, 'tools'> {
  return {
    tools: sortedTools(tools).map(({ name, description, inputSchema }) => ({
      type: 'function',
      // Left out, a proxy that asks over Responses would have the schemas rewritten.
      function: { name: wireName(name), description, parameters: toolSchema(inputSchema), strict: false },
    })),
    ...(parallelTools ? {} : { parallel_tool_calls: false }),
  };
}

/** Opaque reasoning has no place here. */
function toMessages(message: Message): ChatMessage[] {
  if (message.role === 'tool') {
    return message.parts.map((result) => ({
      role: 'tool',
      tool_call_id: wireId(result.callId),
      content: resultText(result),
    }));
  }
  const content = textOf(message);
  if (message.role === 'user') return content === '' ? [] : [{ role: 'user', content }];
  const calls = toolCallsOf(message).map(({ id, name, arguments: input }) => ({
    id: wireId(id),
    type: 'function' as const,
    function: { name: wireName(name), arguments: JSON.stringify(input) },
  }));
  if (calls.length > 0) return [{ role: 'assistant', content, tool_calls: calls }];
  return content === '' ? [] : [{ role: 'assistant', content }];
}

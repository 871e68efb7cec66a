/** Translates a conversation into messages that take turns, each call answered at once, reasoning only where it still holds. */
import type {
  ContentBlockParam,
  MessageParam,
  RedactedThinkingBlockParam,
  TextBlockParam,
  ThinkingBlockParam,
  ToolResultBlockParam,
  ToolUseBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { Message, Opaque, ToolCall } from '../../analysis/conversation.ts';
import { pairResults } from '../pairing.ts';
import { prefixHashes } from '../prefix-hash.ts';
import type { ModelProfile } from '../profile.ts';
import type { ModelRequest } from '../provider.ts';
import { wireId, wireName } from '../wire-names.ts';

export const dialect = 'anthropic-messages';

/** Stands where the conversation has nobody speak between two answers, or after the last one. */
const goOn = 'Continue.';

export type ThinkingParam = ThinkingBlockParam | RedactedThinkingBlockParam;

type UserBlock = ToolResultBlockParam | TextBlockParam;

/** Begins and ends with the user. The same conversation always makes the same messages: reasoning is bound to them. */
export function wireMessages(
  request: Pick<ModelRequest, 'system' | 'tools' | 'messages'>,
  profile: Pick<ModelProfile, 'model' | 'reasoningReplay'>,
): MessageParam[] {
  const hashes = prefixHashes(request);
  const open = new Set<string>();
  const wire: MessageParam[] = [];
  let pending: UserBlock[] = [];
  for (const { message, index } of pairResults(request.messages)) {
    if (message.role !== 'assistant') {
      pending.push(...userBlocks(message, open));
      continue;
    }
    const replays = (part: Opaque) =>
      profile.reasoningReplay !== 'none' &&
      part.dialect === dialect &&
      part.model === profile.model &&
      part.prefixHash === hashes[index];
    const content = assistantBlocks(message, { open, replays });
    if (content.length === 0) continue;
    wire.push(userMessage(pending), { role: 'assistant', content });
    pending = [];
  }
  return [...wire, userMessage(pending)];
}

/** All results first, then words; in the order given otherwise. */
function userMessage(blocks: readonly UserBlock[]): MessageParam {
  if (blocks.length === 0) return { role: 'user', content: [{ type: 'text', text: goOn }] };
  const results = blocks.filter(({ type }) => type === 'tool_result');
  return { role: 'user', content: [...results, ...blocks.filter(({ type }) => type !== 'tool_result')] };
}

/** Takes the calls it answers out of the open ones. */
function userBlocks(message: Exclude<Message, { role: 'assistant' }>, open: Set<string>): UserBlock[] {
  return message.parts.flatMap((part): UserBlock[] => {
    if (part.kind === 'text') return textBlocks(part.text);
    if (!open.delete(part.callId)) return [];
    return [
      {
        type: 'tool_result',
        tool_use_id: wireId(part.callId),
        ...(part.text === '' ? {} : { content: part.text }),
        ...(part.ok ? {} : { is_error: true }),
      },
    ];
  });
}

/** Calls come last, since words after a call are refused; thinking must not be the last of a message. */
function assistantBlocks(
  message: Extract<Message, { role: 'assistant' }>,
  { open, replays }: { open: Set<string>; replays: (part: Opaque) => boolean },
): ContentBlockParam[] {
  const words: (TextBlockParam | ThinkingParam)[] = [];
  const calls: ToolUseBlockParam[] = [];
  for (const part of message.parts) {
    if (part.kind === 'text') words.push(...textBlocks(part.text));
    else if (part.kind === 'toolCall') {
      open.add(part.id);
      calls.push(callBlock(part));
    } else if (part.kind === 'opaque' && replays(part) && isThinking(part.payload)) words.push(part.payload);
  }
  if (calls.length === 0) while (words.length > 0 && words.at(-1)?.type !== 'text') words.pop();
  return [...words, ...calls];
}

function callBlock({ id, name, arguments: input }: ToolCall): ToolUseBlockParam {
  return { type: 'tool_use', id: wireId(id), name: wireName(name), input };
}

/** Text without a visible character is refused. */
function textBlocks(text: string): TextBlockParam[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

function isThinking(payload: unknown): payload is ThinkingParam {
  if (typeof payload !== 'object' || payload === null || !('type' in payload)) return false;
  return payload.type === 'thinking' || payload.type === 'redacted_thinking';
}

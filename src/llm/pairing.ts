/** Puts a conversation into the one order every provider takes: each call answered once, right after it was made. */
import { toolCallsOf, type Message, type ToolResult } from '../analysis/conversation.ts';

/** What a model reads where a call was never answered. */
const unanswered = '{"ok":false,"problem":"This call was interrupted before it had a result."}';

/**
 * Results follow the message with their calls, in the order of the calls; a missing one is made up as a failure, one
 * without a call or a second one for a call is left out, as is a message without parts. In a conversation put together
 * from others the first call keeps an id that is used twice. `index` is the place in the conversation.
 */
export function pairResults(messages: readonly Message[]): { message: Message; index: number }[] {
  const results = new Map<string, ToolResult>();
  for (const message of messages) {
    if (message.role !== 'tool') continue;
    for (const part of message.parts) if (!results.has(part.callId)) results.set(part.callId, part);
  }
  const known = new Set<string>();
  return messages.flatMap((given, index) => {
    if (given.role === 'tool') return [];
    const message = given.role === 'user' ? given : withNewCalls(given, known);
    if (message.parts.length === 0) return [];
    const calls = toolCallsOf(message);
    if (calls.length === 0) return [{ message, index }];
    const parts = calls.map(({ id }) => results.get(id) ?? failed(id));
    return [
      { message, index },
      { message: { role: 'tool', parts }, index },
    ];
  });
}

type Reply = Extract<Message, { role: 'assistant' }>;

/** Enters its calls into the known ones. */
function withNewCalls(message: Reply, known: Set<string>): Reply {
  const parts = message.parts.filter((part) => {
    if (part.kind !== 'toolCall') return true;
    const isNew = !known.has(part.id);
    known.add(part.id);
    return isNew;
  });
  return parts.length === message.parts.length ? message : { ...message, parts };
}

function failed(callId: string): ToolResult {
  return { kind: 'toolResult', callId, ok: false, text: unanswered };
}

/** Reads the arguments of a tool call as a model wrote them: strict JSON, an object, or a problem to tell the model. */
import type { ToolCall } from '../analysis/conversation.ts';

/** Beginning of a text that is no JSON, as the model gets it back. */
const maxShownCharacters = 120;

/** No text at all means no arguments. Never repairs: half a statement that parses is worse than none. */
export function readToolArguments(text: string): Pick<ToolCall, 'arguments' | 'problem'> {
  if (text.trim() === '') return { arguments: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, maxShownCharacters) : 'unreadable';
    return {
      arguments: {},
      problem: `The arguments are not valid JSON (${reason}). They begin ${JSON.stringify(text.slice(0, maxShownCharacters))}. Send the call again with one JSON object.`,
    };
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { arguments: value as Readonly<Record<string, unknown>> };
  }
  const found = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
  return { arguments: {}, problem: `The arguments must be one JSON object; found ${found}. Send the call again.` };
}

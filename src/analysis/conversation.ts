/** The conversation of an analysis in a provider-neutral form: what every model dialect is translated from and to. */

export type ToolCall = {
  readonly kind: 'toolCall';
  /** Unique within the conversation; at most 40 characters of [A-Za-z0-9_-]. */
  readonly id: string;
  /** `server__tool`, or one of the assistant's own tools. */
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
};

export type ToolResult = {
  readonly kind: 'toolResult';
  readonly callId: string;
  readonly ok: boolean;
  /** What the model reads: the whole result as JSON while small, else a preview that says so. */
  readonly text: string;
  /** Content-store reference of the whole result. */
  readonly ref?: string;
};

export type Text = { readonly kind: 'text'; readonly text: string };

export type Message =
  | { readonly role: 'user'; readonly parts: readonly Text[] }
  | { readonly role: 'assistant'; readonly parts: readonly (Text | ToolCall)[] }
  | { readonly role: 'tool'; readonly parts: readonly ToolResult[] };

/** All text of a message, in order. */
export function textOf(message: Message): string {
  return message.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
}

/** The tool calls a message asks for. */
export function toolCallsOf(message: Message): ToolCall[] {
  return message.role === 'assistant' ? message.parts.filter((part): part is ToolCall => part.kind === 'toolCall') : [];
}

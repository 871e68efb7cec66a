/** The conversation of an analysis in a provider-neutral form: what every model dialect is translated from and to. */

export type ToolCall = {
  readonly kind: 'toolCall';
  /** Unique within the conversation; at most 40 characters of [A-Za-z0-9_-]. */
  readonly id: string;
  /** `server__tool`, or one of the assistant's own tools. */
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Why the arguments could not be read, for the model; the call is answered with it and never run. */
  readonly problem?: string;
};

export type ToolResult = {
  readonly kind: 'toolResult';
  readonly callId: string;
  readonly ok: boolean;
  /** What the model reads: the whole result as JSON while small, else a preview that says so. */
  readonly text: string;
  /** Content-store reference of the whole result. */
  readonly ref?: string;
  /** Content-store reference of the arguments, where a person changed those of the call. */
  readonly edited?: string;
  /** The tool that answered in the place of the one that was called. */
  readonly standIn?: string;
};

export type Text = { readonly kind: 'text'; readonly text: string };

/**
 * Reasoning that only the model that made it can read. Sent back to the same dialect and model over an unchanged
 * prefix, dropped anywhere else.
 */
export type Opaque = {
  readonly kind: 'opaque';
  readonly dialect: string;
  readonly model: string;
  /** Hash of everything before this message: system text, tools, earlier messages. */
  readonly prefixHash: string;
  readonly payload: unknown;
};

export type Message =
  | { readonly role: 'user'; readonly parts: readonly Text[] }
  | { readonly role: 'assistant'; readonly parts: readonly (Opaque | Text | ToolCall)[] }
  | { readonly role: 'tool'; readonly parts: readonly ToolResult[] };

/** All text of a message, in order. */
export function textOf(message: Message): string {
  return message.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
}

/** The tool calls a message asks for. */
export function toolCallsOf(message: Message): ToolCall[] {
  return message.role === 'assistant' ? message.parts.filter((part): part is ToolCall => part.kind === 'toolCall') : [];
}

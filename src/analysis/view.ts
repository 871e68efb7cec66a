/** The view of a long conversation that a model is given: a summary, masked results, the latest messages as they are. */
import type { Message, Text } from './conversation.ts';
import { masked } from './result-digest.ts';
import { summaryText, type Summary } from './summary.ts';

/** Content-store reference: of a message in the chain, or of a view. */
type Ref = string;

/** Kept in the content store; the chain itself is never changed, so a view can be left out or made anew. */
export type View = {
  readonly v: 1;
  /** Results up to this message are masked. */
  readonly maskedTo: Ref;
  /** Messages up to this one are told by the summary. */
  readonly summary?: { readonly to: Ref; readonly of: Summary; readonly by: string };
  /** The view with the summary that this one goes on from: a longer record, which the model may read. */
  readonly before?: Ref;
};

/** A message with its place in the chain. */
export type Placed = { readonly ref: Ref; readonly message: Message };

/** Latest messages that are kept exactly. */
export const tailMessages = 5;

/** `placed`: the messages after those that the summary stands for, oldest first. */
export function viewed(placed: readonly Placed[], view: View | undefined): readonly Message[] {
  if (view === undefined) return placed.map(({ message }) => message);
  const end = placed.findIndex(({ ref }) => ref === view.maskedTo);
  const messages = placed.map(({ message }, index) => (index <= end ? withMasks(message) : message));
  if (view.summary === undefined) return messages;
  const record: Text = { kind: 'text', text: summaryText(view.summary.of, view.before) };
  const [first, ...rest] = messages;
  // Two messages of a person in a row are not taken by every provider.
  if (first?.role === 'user') return [{ role: 'user', parts: [record, ...first.parts] }, ...rest];
  return [{ role: 'user', parts: [record] }, ...messages];
}

/**
 * Where the messages begin that keep their words: the last five, and more where a result would lose its call. What is
 * before may be summarised: each of its calls has its results there too.
 */
export function tailStart(messages: readonly Message[], kept: number = tailMessages): number {
  let start = Math.max(0, messages.length - kept);
  while (start > 0 && messages[start]?.role === 'tool') start -= 1;
  return start;
}

function withMasks(message: Message): Message {
  return message.role === 'tool' ? { ...message, parts: message.parts.map(masked) } : message;
}

/** Characters that a model reads of a message, near enough for a guess at its tokens. */
export function charactersOf(message: Message): number {
  if (message.role === 'assistant')
    return message.parts.reduce(
      (sum, part) => sum + (part.kind === 'text' ? part.text.length : JSON.stringify(part).length),
      0,
    );
  return message.parts.reduce((sum, part) => sum + part.text.length, 0);
}

/** The transcript as a hash-linked chain: each node names its parent, so one reference stands for a whole conversation. */
import { LRUCache } from 'lru-cache';
import type { CallUsage } from '../analysis/cost.ts';
import type { Message, ToolResult } from '../analysis/conversation.ts';
import type { ContentStore, Ref } from './content-store.ts';
import { resultText } from './result-text.ts';

/** A message as it is stored: tool results by reference, their text is read from the store. */
export type StoredMessage =
  Exclude<Message, { role: 'tool' }> | { readonly role: 'tool'; readonly parts: readonly StoredResult[] };

export type StoredResult = Omit<ToolResult, 'text'> & { readonly text?: string };

/** How a reply came about; beside the message, since no model is ever shown it. */
export type ReplyMeta = {
  /** Reference of the model that was asked, and what the provider says answered. */
  readonly model: string;
  readonly served?: string;
  readonly usage: CallUsage;
  /** Absent: the price is not known. */
  readonly costUsd?: number;
};

type Node = {
  readonly v: 1;
  readonly parent: Ref | null;
  readonly message: StoredMessage;
  readonly meta?: ReplyMeta;
};

export type Transcript = {
  /** The head that `append` will give, known before anything is written. */
  headAfter(head: Ref | null, message: StoredMessage, meta?: ReplyMeta): Ref;
  /** Appends a message and returns the new head. Appending the same message twice gives the same head. */
  append(head: Ref | null, message: StoredMessage, meta?: ReplyMeta): Promise<Ref>;
  /** The conversation up to a head, oldest first, with the text of each result filled in. */
  load(head: Ref | null): Promise<readonly Message[]>;
  /** The message at a head. */
  last(head: Ref): Promise<StoredMessage>;
  /** How each reply up to a head came about, oldest first; nothing for replies of earlier versions. */
  replies(head: Ref | null): Promise<readonly (ReplyMeta | undefined)[]>;
};

/** Conversations kept in memory; a worker that has just served a turn need not read the chain again. */
const maxCachedHeads = 256;

export function createTranscript(store: ContentStore): Transcript {
  const loaded = new LRUCache<Ref, readonly Message[]>({ max: maxCachedHeads });
  return {
    headAfter: (head, message, meta) => store.refOf(nodeText(head, message, meta)),
    append: (head, message, meta) => store.put(nodeText(head, message, meta)),
    async load(head) {
      const { path, known } = await walkBack(head);
      const messages = [...known];
      for (const node of path.toReversed()) messages.push(await filledIn(node.message));
      if (head !== null) loaded.set(head, messages);
      return messages;
    },
    async last(head) {
      return (await readNode(head)).message;
    },
    async replies(head) {
      const found: (ReplyMeta | undefined)[] = [];
      for (let ref = head; ref !== null;) {
        const node = await readNode(ref);
        if (node.message.role === 'assistant') found.push(node.meta);
        ref = node.parent;
      }
      return found.toReversed();
    },
  };

  async function walkBack(head: Ref | null) {
    const path: Node[] = [];
    for (let ref = head; ref !== null;) {
      const known = loaded.get(ref);
      if (known !== undefined) return { path, known };
      const node = await readNode(ref);
      path.push(node);
      ref = node.parent;
    }
    return { path, known: [] as readonly Message[] };
  }

  async function readNode(ref: Ref): Promise<Node> {
    return JSON.parse(await store.get(ref)) as Node;
  }

  async function filledIn(message: StoredMessage): Promise<Message> {
    if (message.role !== 'tool') return message;
    return { role: 'tool', parts: await Promise.all(message.parts.map(withText)) };
  }

  async function withText(part: StoredResult): Promise<ToolResult> {
    if (part.text !== undefined) return { ...part, text: part.text };
    return { ...part, text: part.ref === undefined ? '' : resultText(part.ref, await store.get(part.ref)) };
  }
}

function nodeText(parent: Ref | null, message: StoredMessage, meta?: ReplyMeta): string {
  const node: Node = { v: 1, parent, message, ...(meta === undefined ? {} : { meta }) };
  return JSON.stringify(node);
}

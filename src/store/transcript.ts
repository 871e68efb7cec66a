/** The transcript as a hash-linked chain: each node names its parent, so one reference stands for a whole conversation. */
import { LRUCache } from 'lru-cache';
import type { CallUsage } from '../analysis/cost.ts';
import type { Message, ToolResult } from '../analysis/conversation.ts';
import { charactersOf, viewed, type Placed, type View } from '../analysis/view.ts';
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
  /** The whole conversation up to a head, oldest first, with the text of each result filled in. */
  load(head: Ref | null): Promise<readonly Message[]>;
  /** What a model is given up to a head: the whole conversation, or what a stored view makes of it. */
  viewed(head: Ref | null, view?: Ref): Promise<readonly Message[]>;
  /** The messages up to a head that come after `after`; all of them when it is null, or not among them. */
  since(head: Ref | null, after: Ref | null): Promise<readonly Placed[]>;
  /** The whole conversation, one message after the other: for what is too long to be held at once. */
  walk(head: Ref | null): AsyncIterable<Message>;
  /** The latest messages up to a head, at most so many and none up to `after`; results without their text. */
  latest(head: Ref | null, most: number, after?: Ref): Promise<readonly StoredMessage[]>;
  /** The last reply of a model up to a head. */
  lastReply(head: Ref | null): Promise<Message | undefined>;
  /** The message at a head. */
  last(head: Ref): Promise<StoredMessage>;
  /** How each reply up to a head came about, oldest first; nothing for replies of earlier versions. */
  replies(head: Ref | null): Promise<readonly (ReplyMeta | undefined)[]>;
};

/** Characters of messages kept in memory: a worker that has just served a turn need not read its messages again. */
const maxCachedCharacters = 16 * 1024 * 1024;

/** What a message takes in memory beside its text. */
const characterOverhead = 200;

type Known = { readonly parent: Ref | null; readonly message: Message };

export function createTranscript(store: ContentStore): Transcript {
  const known = new LRUCache<Ref, Known>({
    maxSize: maxCachedCharacters,
    sizeCalculation: ({ message }) => characterOverhead + charactersOf(message),
  });
  const transcript: Transcript = {
    headAfter: (head, message, meta) => store.refOf(nodeText(head, message, meta)),
    append: (head, message, meta) => store.put(nodeText(head, message, meta)),
    load: async (head) => (await transcript.since(head, null)).map(({ message }) => message),
    async viewed(head, ref) {
      if (ref === undefined) return transcript.load(head);
      const view = JSON.parse(await store.get(ref)) as View;
      return viewed(await transcript.since(head, view.summary?.to ?? null), view);
    },
    async since(head, after) {
      const placed: Placed[] = [];
      for (let ref = head; ref !== null && ref !== after;) {
        const { parent, message } = await filled(ref);
        placed.push({ ref, message });
        ref = parent;
      }
      return placed.toReversed();
    },
    async *walk(head) {
      const refs: Ref[] = [];
      for (let ref = head; ref !== null; ref = (await readNode(ref)).parent) refs.push(ref);
      for (const ref of refs.toReversed()) yield filledIn((await readNode(ref)).message);
    },
    async latest(head, most, after) {
      const found: StoredMessage[] = [];
      for (let ref = head; ref !== null && ref !== after && found.length < most;) {
        const { parent, message } = known.get(ref) ?? (await readNode(ref));
        found.push(message);
        ref = parent;
      }
      return found.toReversed();
    },
    async lastReply(head) {
      for (let ref = head; ref !== null;) {
        const { parent, message } = await readNode(ref);
        if (message.role === 'assistant') return message;
        ref = parent;
      }
      return undefined;
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
  return transcript;

  async function filled(ref: Ref): Promise<Known> {
    const before = known.get(ref);
    if (before !== undefined) return before;
    const { parent, message } = await readNode(ref);
    const now = { parent, message: await filledIn(message) };
    known.set(ref, now);
    return now;
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

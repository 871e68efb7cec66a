/** The port of the content-addressed store: bytes in, a reference out; the same bytes always give the same reference. */

/** SHA-256 of the content, 64 lower-case hex digits. */
export type Ref = string;

export type ContentStore = {
  /** The reference that `put` will give, known before anything is written. */
  refOf(content: string): Ref;
  /** Durable when it resolves. Rejects with `Store.Full` or `Store.Unwritable`. */
  put(content: string): Promise<Ref>;
  /** Rejects with `Store.Missing`, or `Store.Corrupt` when the content is not what the reference promises. */
  get(ref: Ref): Promise<string>;
};

/** The text of the answers that are being written right now, for whoever watches; never the record. */

/** Which answer a piece of text belongs to: a retry is another attempt, and its text starts anew. */
export type Answering = { readonly session: string; readonly turn: number; readonly attempt: number };

/** A piece of an answer; `offset` counts UTF-16 units from the beginning of the answer. */
export type LivePiece = Omit<Answering, 'session'> & { readonly offset: number; readonly text: string };

export type LiveWriter = {
  write(delta: string): void;
  /** Characters so far and the latest of them, small enough for a heartbeat. */
  state(): { readonly chars: number; readonly tail: string };
  /** The stored message is the truth from here on. */
  end(): void;
};

export type LiveText = {
  begin(answering: Answering): LiveWriter;
  /** What there is of the present answer after `from`; undefined when nothing is there beyond it, `ended` when it is over. */
  after(session: string, from: LivePosition | undefined): LivePiece | 'ended' | undefined;
  /** Calls `onNews` after each change, until the returned function is called. */
  watch(session: string, onNews: () => void): () => void;
};

export type LivePosition = Omit<Answering, 'session'> & { readonly offset: number };

/** Longest text of one answer that is kept; the beginning of a longer one goes. */
const maxKeptCharacters = 256 * 1024;

/** The heartbeat's tail, bytes of UTF-8. */
export const maxTailBytes = 2_048;

type Kept = Answering & { dropped: number; text: string };

export function createLiveText(): LiveText {
  const answers = new Map<string, Kept>();
  const watchers = new Map<string, Set<() => void>>();
  const tell = (session: string): void => watchers.get(session)?.forEach((onNews) => onNews());
  return {
    begin(answering) {
      const kept: Kept = { ...answering, dropped: 0, text: '' };
      answers.set(answering.session, kept);
      tell(answering.session);
      return {
        write(delta) {
          kept.text += delta;
          const tooMany = kept.text.length - maxKeptCharacters;
          // In halves, so that a long answer is not copied with every token.
          if (tooMany > maxKeptCharacters / 2) {
            kept.text = kept.text.slice(tooMany);
            kept.dropped += tooMany;
          }
          if (answers.get(kept.session) === kept) tell(kept.session);
        },
        state: () => ({ chars: kept.dropped + kept.text.length, tail: tailOf(kept.text) }),
        end() {
          // Another attempt may have begun meanwhile: its text is not ours to forget.
          if (answers.get(kept.session) !== kept) return;
          answers.delete(kept.session);
          tell(kept.session);
        },
      };
    },
    after(session, from) {
      const kept = answers.get(session);
      if (kept === undefined) return from === undefined ? undefined : 'ended';
      const isSame = from?.turn === kept.turn && from.attempt === kept.attempt;
      const offset = Math.max(isSame ? from.offset : 0, kept.dropped);
      const text = kept.text.slice(offset - kept.dropped);
      // The first word of another answer may be empty: whoever watches has to forget the last one.
      if (text === '' && (isSame || from === undefined)) return undefined;
      return { turn: kept.turn, attempt: kept.attempt, offset, text };
    },
    watch(session, onNews) {
      const those = watchers.get(session) ?? new Set();
      watchers.set(session, those.add(onNews));
      return () => {
        those.delete(onNews);
        if (those.size === 0) watchers.delete(session);
      };
    },
  };
}

/** The last whole characters that fit. */
export function tailOf(text: string): string {
  const bytes = Buffer.from(text.slice(-maxTailBytes), 'utf8');
  let start = Math.max(0, bytes.length - maxTailBytes);
  // Continuation bytes of UTF-8 belong to a character whose beginning was cut off.
  while (start > 0 && start < bytes.length && (bytes[start]! & 0b1100_0000) === 0b1000_0000) start += 1;
  return bytes
    .subarray(start)
    .toString('utf8')
    .replace(/^\uFFFD/, '');
}

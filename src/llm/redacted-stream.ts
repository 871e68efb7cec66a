/** Keeps keys out of text that arrives in pieces: what may be the beginning of a key waits for the next piece. */
import { redacted } from '../policy/redaction.ts';
import type { StreamEvent } from './provider.ts';

export type RedactedStream = {
  readonly emit: (event: StreamEvent) => void;
  /** Lets out what was waiting; to be called when the answer is over. */
  end(): void;
};

export function redactedStream(emit: (event: StreamEvent) => void, secrets: readonly string[]): RedactedStream {
  if (secrets.length === 0) return { emit, end: () => undefined };
  const waiting = { text: '', reasoning: '' };
  const pass = (kind: 'text' | 'reasoning', delta: string): void => {
    if (delta !== '') emit({ kind, delta });
  };
  return {
    emit(event) {
      if (event.kind === 'tool') return emit(event);
      let text = waiting[event.kind] + event.delta;
      for (const secret of secrets) text = text.replaceAll(secret, redacted);
      const held = Math.max(...secrets.map((secret) => beginningAtEnd(text, secret)));
      waiting[event.kind] = text.slice(text.length - held);
      pass(event.kind, text.slice(0, text.length - held));
    },
    end() {
      // Half a key at the end is no key, but nobody needs it either.
      for (const kind of ['text', 'reasoning'] as const) {
        const isLong = secrets.some((secret) => waiting[kind].length > secret.length / 2);
        pass(kind, isLong ? redacted : waiting[kind]);
        waiting[kind] = '';
      }
    },
  };
}

/** How many characters at the end of `text` could be the beginning of `secret`. */
function beginningAtEnd(text: string, secret: string): number {
  for (let length = Math.min(text.length, secret.length - 1); length > 0; length -= 1)
    if (text.endsWith(secret.slice(0, length))) return length;
  return 0;
}

/** Keeps keys out of text that arrives in pieces: what may be the beginning of a key waits for the next piece. */
import { redacted, secretForms } from '../policy/redaction.ts';
import type { StreamEvent } from './provider.ts';

export type RedactedStream = {
  readonly emit: (event: StreamEvent) => void;
  /** Lets out what was waiting; to be called when the answer is over. */
  end(): void;
};

export function redactedStream(emit: (event: StreamEvent) => void, secrets: readonly string[]): RedactedStream {
  const forms = secretForms(secrets);
  if (forms.length === 0) return { emit, end: () => undefined };
  const waiting = { text: '', reasoning: '' };
  const pass = (kind: 'text' | 'reasoning', delta: string): void => {
    if (delta !== '') emit({ kind, delta });
  };
  return {
    emit(event) {
      if (event.kind === 'tool') return emit(event);
      const { clean, rest } = cleaned(waiting[event.kind] + event.delta, forms);
      waiting[event.kind] = rest;
      pass(event.kind, clean);
    },
    end() {
      for (const kind of ['text', 'reasoning'] as const) {
        const rest = forms.reduce((text, form) => text.replaceAll(form, redacted), waiting[kind]);
        // Half a key at the end is no key, but nobody needs it either.
        const isLong = forms.some((form) => beginningAtEnd(rest, form) > form.length / 2);
        pass(kind, isLong ? redacted : rest);
        waiting[kind] = '';
      }
    },
  };
}

/** `rest` may be the beginning of a key, or a key that may go on as a longer one. `forms`: the longest first. */
function cleaned(given: string, forms: readonly string[]): { clean: string; rest: string } {
  let clean = '';
  let text = given;
  for (;;) {
    const undecided = text.length - Math.max(...forms.map((form) => beginningAtEnd(text, form)));
    const places = forms.map((form) => ({ form, at: text.indexOf(form) })).filter(({ at }) => at >= 0);
    const [first] = places.sort((left, right) => left.at - right.at);
    if (first === undefined || first.at >= undecided)
      return { clean: clean + text.slice(0, undecided), rest: text.slice(undecided) };
    clean += text.slice(0, first.at) + redacted;
    text = text.slice(first.at + first.form.length);
  }
}

/** How many characters at the end of `text` could be the beginning of `secret`. */
function beginningAtEnd(text: string, secret: string): number {
  for (let length = Math.min(text.length, secret.length - 1); length > 0; length -= 1)
    if (text.endsWith(secret.slice(0, length))) return length;
  return 0;
}

/** Questions to the person at the terminal, on stderr: one of some choices, or words. */
import { isCancel, select, text } from '@clack/prompts';
import type { Readable, Writable } from 'node:stream';

export type Choice<Value extends string> = { readonly value: Value; readonly label: string; readonly hint?: string };

/** Where it is asked; the terminal unless a test says otherwise. */
export type Asked = { readonly signal?: AbortSignal; readonly input?: Readable; readonly output?: Writable };

/** Undefined: the person left with Ctrl+C or Escape, or the signal took the question away. */
export async function choose<Value extends string>(
  message: string,
  options: readonly Choice<Value>[],
  asked: Asked = {},
): Promise<Value | undefined> {
  const chosen = await select<string>({ message, options: [...options], showInstructions: false, ...onStderr(asked) });
  return isCancel(chosen) ? undefined : (chosen as Value);
}

/** Never empty; undefined as in `choose`. */
export async function askWords(message: string, asked: Asked = {}): Promise<string | undefined> {
  const validate = (words: string | undefined) => (words?.trim() ? undefined : 'Some words, please.');
  const words = await text({ message, validate, ...onStderr(asked) });
  return isCancel(words) ? undefined : words.trim();
}

/** stdout belongs to the answer. */
function onStderr({ signal, input, output = process.stderr }: Asked) {
  return { output, ...(signal === undefined ? {} : { signal }), ...(input === undefined ? {} : { input }) };
}

/** The question after Ctrl+C, on stderr: continue, redirect, stop or detach. */
import { createInterface } from 'node:readline/promises';

export type Choice =
  | { readonly kind: 'continue' }
  | { readonly kind: 'redirect'; readonly text: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'detach' };

/** Another Ctrl+C, and the end of the input, mean detach. An empty line, or words that are no choice, ask again. */
export async function askHowToGoOn(): Promise<Choice> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  lines.once('SIGINT', leave);
  lines.once('close', leave);
  try {
    for (;;) {
      const words = await lines.question('Paused. (c)ontinue · (r)edirect · (s)top · (d)etach: ', leaving);
      const kind = choiceOf(words);
      if (kind !== 'redirect' && kind !== undefined) return { kind };
      if (kind === undefined) continue;
      const text = (await lines.question('Where to? ', leaving)).trim();
      if (text !== '') return { kind, text };
    }
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
    process.stderr.write('\n');
    return { kind: 'detach' };
  } finally {
    lines.close();
  }
}

const choices = ['continue', 'redirect', 'stop', 'detach'] as const;

/** The word or its beginning. */
export function choiceOf(words: string): Choice['kind'] | undefined {
  const word = words.trim().toLowerCase();
  return word === '' ? undefined : choices.find((choice) => choice.startsWith(word));
}

/** What a model reads of a stored tool result: all of it while small, else the beginning with a word on the rest. */
import type { Ref } from './content-store.ts';

/** Largest result a model is shown whole, in bytes of JSON text. */
export const maxInlineResultBytes = 8 * 1024;

/** Characters of a larger result that are shown as its beginning. */
const previewCharacters = 2048;

export function resultText(ref: Ref, content: string): string {
  const bytes = Buffer.byteLength(content);
  if (bytes <= maxInlineResultBytes) return content;
  return JSON.stringify({
    ok: true,
    preview: content.slice(0, previewCharacters),
    ref,
    bytes,
    note: `The result has ${bytes} bytes; this is its beginning. Ask for fewer rows or columns, or page through it with read_result.`,
  });
}

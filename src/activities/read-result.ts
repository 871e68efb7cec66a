/** Reads on in a stored tool result, page by page: what the assistant's own tool `read_result` answers. */
import type { ActivityDependencies } from './dependencies.ts';

/** Characters of one page at most. */
const pageCharacters = 6_000;

/** Bytes of one page as JSON: below the 8 KiB that a model is shown whole, else it would get a preview of a preview. */
const pageBytes = 7_500;

/** `ok: false` with a sentence for the model when its arguments name no result: it may have made the reference up. */
export async function readResult(
  store: ActivityDependencies['store'],
  input: Readonly<Record<string, unknown>>,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  const { ref, offset = 0 } = input;
  if (typeof ref !== 'string' || !/^[0-9a-f]{64}$/.test(ref)) return refused('a "ref" as a preview names it', ref);
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0) {
    return refused('an "offset" that is a whole number from 0', offset);
  }
  const content = await store.get(ref).catch(() => undefined);
  if (content === undefined) return refused('the "ref" of a result that is stored', ref);
  for (let characters = pageCharacters; ; characters = Math.floor(characters / 2)) {
    const text = content.slice(offset, offset + characters);
    const page = { ok: true, text, nextOffset: offset + text.length, totalCharacters: content.length };
    const json = JSON.stringify(page);
    if (Buffer.byteLength(json) <= pageBytes) return { ok: true, text: json };
  }
}

function refused(expected: string, found: unknown): { readonly ok: false; readonly text: string } {
  const shown = JSON.stringify(found)?.slice(0, 100) ?? 'nothing';
  const message = `Expected ${expected}, found ${shown}. Take both from the preview, or make the call again and ask for less.`;
  return { ok: false, text: JSON.stringify({ ok: false, error: { message } }) };
}

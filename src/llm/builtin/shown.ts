/** Names and values of the data inside sentences: untrusted text, so quoted, cut and freed of characters nobody can see. */
import type { Cell } from '../../analysis/table.ts';
import { quoted } from './quantities.ts';

/** A name or value in back-quotes; an empty one is said in words. */
export function shown(value: Cell | undefined): string {
  const text = String(value ?? '')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu, ' ')
    .trim();
  return text === '' ? 'an empty text' : quoted(text);
}

/** A list of names or values for a sentence. */
export function shownAll(values: readonly (Cell | undefined)[], most = 6): string {
  const some = values.slice(0, most).map(shown);
  if (values.length > most) return `${some.join(', ')} and others`;
  return some.length < 2 ? some.join('') : `${some.slice(0, -1).join(', ')} and ${some.at(-1)}`;
}

/** The end of an answer that is being written, as lines that can be drawn over: pure, for any width. */
import { stripVTControlCharacters } from 'node:util';

/** Lines of the answer shown while it is written; the whole of it is in the transcript. */
const maxLines = 6;

/** Where the terminal does not say how wide it is. */
const usualColumns = 80;

/** Characters from which on a terminal may take two columns; to take one too many for a narrow one does no harm. */
const firstWide = 0x1100;

/** Control characters of the text never reach the terminal: a model must not move its cursor. */
export function regionLines(text: string, columns: number = usualColumns): string[] {
  const width = Math.max(10, columns - 1);
  // From the beginning: were only the end wrapped, every line would move with every word.
  const plain = stripVTControlCharacters(text.replaceAll('\t', ' ')).replaceAll(/(?!\n)\p{Cc}/gu, '');
  return plain
    .split('\n')
    .flatMap((line) => wrapped(line, width))
    .slice(-maxLines);
}

/** What takes the lines away again, the cursor standing below the last one. */
export function erasing(lines: number): string {
  return lines === 0 ? '' : `\r\u001b[${lines}A\u001b[0J`;
}

/** At most as wide; what is left out is marked. */
export function cutToColumns(text: string, columns: number): string {
  const [first = '', second] = wrapped(text, columns);
  return second === undefined ? first : `${wrapped(text, columns - 1)[0]}…`;
}

/** Between words; a word that is longer than the line is broken. */
function wrapped(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  let taken = 0;
  for (const character of line) {
    if (taken + columnsOf(character) > width) {
      const word = current.slice(current.lastIndexOf(' ') + 1);
      const kept = character === ' ' || word === current ? '' : word;
      lines.push(current.slice(0, current.length - kept.length));
      [current, taken] = [kept, columnsOf(kept)];
    }
    current += character;
    taken += columnsOf(character);
  }
  return [...lines, current];
}

function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += character.codePointAt(0)! >= firstWide ? 2 : 1;
  return columns;
}

/** Makes untrusted text harmless in Markdown: no markup, no HTML, no links, no way out of a table or code block. */
import { visible } from './escape.ts';

/** Plain words on one line. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*_[\]<>|#~&!$]/g, (character) => `\\${character}`)
    .replaceAll(/(:)(?=\/\/)|(?<=\bwww)(\.)|(@)/gi, (character) => `\\${character}`)
    .replace(/^([-+=])(?![\p{L}\p{N}])/u, '\\$1')
    .replace(/^(\d+)([.)])(?!\p{N})/u, '$1\\$2');
}

/** Words in which back-quoted names become code. */
export function quotedText(text: string): string {
  return text
    .split('`')
    .map((piece, position) => (position % 2 === 1 ? codeSpan(piece) : markdownPiece(piece)))
    .join('');
}

/** A name or value as code; the fence is longer than any run of back-quotes in it. */
export function codeSpan(text: string): string {
  const code = oneLine(text).replaceAll('|', '\u{FF5C}') || ' ';
  const fence = '`'.repeat(longestRun(code) + 1);
  const space = /^`|`$/.test(code) ? ' ' : '';
  return `${fence}${space}${code}${space}${fence}`;
}

/** A fenced block that its content cannot end. */
export function codeBlock(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}\n${visible(text)}\n${fence}`;
}

export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A piece of a sentence: escaped, with the space towards its neighbours kept. */
export function markdownPiece(piece: string): string {
  const escaped = markdownText(piece);
  const [before] = /^\s*/.exec(piece) ?? [''];
  const [after] = /\s*$/.exec(piece) ?? [''];
  return escaped === '' ? before : `${before && ' '}${escaped}${after && ' '}`;
}

function oneLine(text: string): string {
  return visible(text).replaceAll(/\s+/g, ' ').trim();
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

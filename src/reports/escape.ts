/** Makes untrusted text harmless in HTML: nothing in it is markup, nothing hides or turns the text around it. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For element content and quoted attributes alike. Line breaks and tabs stay, other control characters become visible. */
export function escapeHtml(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Text without characters that nobody can see or that change the reading direction. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/(?![\n\t])\p{Cc}|[\u{202A}-\u{202E}\u{2066}-\u{2069}\u{2028}\u{2029}]/gu, '\u{FFFD}');
}

/** One line of at most so many characters. */
export function shortened(text: string, most: number): string {
  const characters = Array.from(text.replaceAll(/\s+/g, ' ').trim());
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}

/** Escaped text in which back-quoted names are set as code. */
export function quotedToCode(text: string): string {
  return text
    .split('`')
    .map((piece, position) => (position % 2 === 1 ? `<code>${escapeHtml(piece)}</code>` : escapeHtml(piece)))
    .join('');
}

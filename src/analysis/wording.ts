/** The rules for words around numbers: no number is written by hand, names are quoted, nothing is hidden in the text. */

/**
 * Checks one text against the number of its quantities. Line breaks, control and direction characters are refused
 * because a report could show something else than what was checked.
 */
export function checkText(text: string, at: string, quantities: number, problem: (text: string) => void): void {
  if (/[\p{Cc}\p{Zl}\p{Zp}\u{202A}-\u{202E}\u{2066}-\u{2069}]/u.test(text)) {
    problem(`${at}: expected one line of plain text, found a line break or a control character; remove it.`);
  }
  const pieces = text.split('`');
  if (pieces.length % 2 === 0) {
    problem(`${at}: a back-quote is opened and not closed; quote each name as \`name\`.`);
    return;
  }
  if (pieces.some((piece, position) => position % 2 === 1 && piece.trim() === '')) {
    problem(`${at}: there is nothing between two back-quotes; remove them or write the name.`);
  }
  checkPlain(pieces.filter((_, position) => position % 2 === 0).join(' '), at, quantities, problem);
}

function checkPlain(plain: string, at: string, quantities: number, problem: (text: string) => void): void {
  const used = new Set([...plain.matchAll(/\{(\d+)\}/g)].map((match) => Number(match[1])));
  const beyond = [...used].filter((index) => index >= quantities);
  if (beyond.length > 0) {
    problem(`${at}: \`{${beyond[0]}}\` has no quantity; ${quantities} are given, counted from 0.`);
  }
  for (let index = 0; index < quantities; index++) {
    if (!used.has(index))
      problem(`${at}: quantity ${index} is not used; write \`{${index}}\` where it belongs or leave it out.`);
  }
  const rest = plain.replaceAll(/\{\d+\}/g, ' ');
  if (/[{}]/.test(rest)) problem(`${at}: a brace stands outside a placeholder such as \`{0}\`; remove it.`);
  const bare = /\S*\p{N}\S*/u.exec(rest);
  if (bare !== null) {
    problem(
      `${at}: \`${bare[0].slice(0, 40)}\` is a number written by hand. Make it a quantity with a source, or, if it is a name or value of the data or of the task, put it in back-quotes.`,
    );
  }
}

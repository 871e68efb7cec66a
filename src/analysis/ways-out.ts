/** The words with which a person ends a trouble: what each does, and how an answer is read. */

/** `retry` also after a repair; `again` only where a second run is what the person wants. */
export type WayOutWord = 'retry' | 'model' | 'without' | 'done' | 'again' | 'stop';

export type WayOut = {
  readonly word: WayOutWord;
  /** Half a sentence: what the analysis does then. */
  readonly does: string;
  /** What has to follow the word. */
  readonly takes?: string;
};

/** `rest`: what followed the word: a model's name, or why. */
export type Answer = { readonly word: WayOutWord; readonly rest: string };

/** The answer, or a sentence that says what would have been one. */
export function readWayOut(ways: readonly WayOut[], text: string): Answer | string {
  const [first = '', ...others] = text.trim().split(/\s+/);
  const way = ways.find(({ word }) => word === first.toLowerCase().replace(/[:,.]$/, ''));
  const rest = others.join(' ');
  if (way === undefined)
    return `Expected an answer that begins with ${ways.map(({ word }) => word).join(', ')}, found ${JSON.stringify(text.slice(0, 80))}.`;
  if (way.takes !== undefined && rest === '')
    return `Expected ${way.takes} after "${way.word}", found nothing. Example: "${wayText(way)}".`;
  return { word: way.word, rest };
}

/** As a person writes it. */
export function wayText({ word, takes }: WayOut): string {
  return takes === undefined ? word : `${word} ${takes.toUpperCase()}`;
}

export const stopWay: WayOut = { word: 'stop', does: 'end with a report of what was found so far' };

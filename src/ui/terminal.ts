/** The terminal: the answer goes to stdout, everything else to stderr; colour only where somebody looks. */
import { createColors } from 'picocolors';
import { erasing, regionLines } from './live-region.ts';

export type Terminal = {
  /** One line of progress; nothing with --quiet. */
  progress(text: string): void;
  /** A word to the person that --quiet does not silence. */
  notice(text: string): void;
  /** The answer, or a document. */
  answer(text: string): void;
  /** The end of a text that is still being written, below everything else until the next call; '' takes it away. */
  live(text: string): void;
  /** For lines of progress, on stderr. */
  readonly colors: Colors;
  /** For the answer, on stdout: a pipe gets none, whatever stderr is. */
  readonly answerColors: Colors;
};

export type Colors = ReturnType<typeof createColors>;

export function createTerminal({ quiet, noColor }: { quiet: boolean; noColor: boolean }): Terminal {
  const colors = colorsOf(process.stderr, noColor);
  const { isTTY } = process.stderr;
  let shown: string[] = [];
  const draw = (lines: string[], above = ''): void => {
    const below = lines.map((line) => `${colors.dim(line)}\n`).join('');
    process.stderr.write(`${erasing(shown.length)}${above}${below}`);
    shown = lines;
  };
  return {
    progress(text) {
      if (!quiet) draw(shown, `${text}\n`);
    },
    notice: (text) => draw(shown, `${text}\n`),
    answer(text) {
      const lines = shown;
      if (lines.length > 0) draw([]);
      process.stdout.write(`${text}\n`);
      if (lines.length > 0) draw(lines);
    },
    live(text) {
      if (quiet || !isTTY) return;
      const lines = text.trim() === '' ? [] : regionLines(text.trimEnd(), process.stderr.columns);
      if (lines.length > 0 || shown.length > 0) draw(lines);
    },
    colors,
    answerColors: colorsOf(process.stdout, noColor),
  };
}

/** A file or a pipe leaves isTTY out; picocolors, given undefined, would paint wherever CI is set. */
function colorsOf(stream: { readonly isTTY?: boolean }, noColor: boolean): Colors {
  return createColors(stream.isTTY === true && !noColor);
}

/** Ends the process quietly when the reader of our output has gone; the analysis goes on. */
export function leaveQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
}

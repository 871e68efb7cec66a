/** The terminal: the answer goes to stdout, everything else to stderr; colour only where somebody looks. */
import { createColors } from 'picocolors';
import { wrapAnsi } from 'fast-wrap-ansi';
import { erasing, regionLines } from './live-region.ts';

export type Terminal = {
  /** One line of progress; nothing with --quiet. A line that is too long goes on below, `hang` columns from the left. */
  progress(text: string, hang?: number): void;
  /** A word to the person that --quiet does not silence. */
  notice(text: string): void;
  /** The answer, or a document. */
  answer(text: string): void;
  /** The end of a text that is still being written, below everything else until the next call; '' takes it away. */
  live(text: string): void;
  /** While it is held, for a question, nothing else is shown; what comes meanwhile is shown afterwards. */
  hold(): Disposable;
  /** For lines of progress, on stderr. */
  readonly colors: Colors;
  /** For the answer, on stdout: a pipe gets none, whatever stderr is. */
  readonly answerColors: Colors;
};

export type Colors = ReturnType<typeof createColors>;

/** A narrower terminal is treated as if it had these. */
const minColumns = 20;

export function createTerminal({ quiet, noColor }: { quiet: boolean; noColor: boolean }): Terminal {
  const colors = colorsOf(process.stderr, noColor);
  const { isTTY } = process.stderr;
  let shown: string[] = [];
  let held: { readonly lines: string[]; live: string } | undefined;
  const draw = (lines: string[], above = ''): void => {
    const below = lines.map((line) => `${colors.dim(line)}\n`).join('');
    process.stderr.write(`${erasing(shown.length)}${above}${below}`);
    shown = lines;
  };
  const line = (text: string): void => {
    if (held === undefined) draw(shown, `${text}\n`);
    else held.lines.push(text);
  };
  const wrapped = (text: string, hang = 0): string => (isTTY ? broken(text, process.stderr.columns, hang) : text);
  const live = (text: string): void => {
    if (quiet || !isTTY) return;
    if (held !== undefined) held.live = text;
    else {
      const lines = text.trim() === '' ? [] : regionLines(text.trimEnd(), process.stderr.columns);
      if (lines.length > 0 || shown.length > 0) draw(lines);
    }
  };
  return {
    progress(text, hang) {
      if (!quiet) line(wrapped(text, hang));
    },
    notice: (text) => line(wrapped(text)),
    answer(text) {
      const lines = shown;
      if (lines.length > 0) draw([]);
      process.stdout.write(`${text}\n`);
      if (lines.length > 0) draw(lines);
    },
    live,
    hold() {
      if (held !== undefined) return { [Symbol.dispose]: () => undefined };
      if (shown.length > 0) draw([]);
      held = { lines: [], live: '' };
      return {
        [Symbol.dispose]() {
          const { lines, live: last } = held ?? { lines: [], live: '' };
          held = undefined;
          for (const text of lines) line(text);
          live(last);
        },
      };
    },
    colors,
    answerColors: colorsOf(process.stdout, noColor),
  };
}

/** Between words; a word longer than the line is broken, so that nothing is lost. */
function broken(text: string, columns: number, hang: number): string {
  const lines = wrapAnsi(text, Math.max(minColumns, columns - hang), { hard: true, trim: hang > 0 });
  return lines.split('\n').join(`\n${' '.repeat(hang)}`);
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

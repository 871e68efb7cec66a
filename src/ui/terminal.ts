/** The terminal: the answer goes to stdout, everything else to stderr; colour only where somebody looks. */
import { createColors } from 'picocolors';
import { wrapAnsi } from 'fast-wrap-ansi';
import { erasing, regionLines } from './live-region.ts';

export type Terminal = {
  /** One line of progress; nothing with --quiet. A line that is too long goes on below, `hang` columns from the left. */
  progress(text: string, hang?: number): void;
  /** A word to the person that --quiet does not silence. */
  notice(text: string): void;
  /** The answer, or a document. `prose` is broken between words where a terminal shows it. */
  answer(text: string, how?: 'prose'): void;
  /** The end of a text that is still being written, below everything else until the next call; '' takes it away. */
  live(text: string): void;
  /** Lines that stand below all of it until the next call; none takes them away. */
  board(lines: (columns: number, rows: number) => readonly string[]): void;
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
  let shown: readonly string[] = [];
  let text: readonly string[] = [];
  let board: readonly string[] = [];
  let held: { readonly lines: string[]; live: string } | undefined;
  const draw = (lines: readonly string[], above = ''): void => {
    const below = lines.map((line) => `${colors.dim(line)}\n`).join('');
    process.stderr.write(`${erasing(shown.length)}${above}${below}`);
    shown = lines;
  };
  const redraw = (): void => {
    const lines = [...text, ...board];
    if (held === undefined && lines.join('\n') !== shown.join('\n')) draw(lines);
  };
  const line = (words: string): void => {
    if (held === undefined) draw(shown, `${words}\n`);
    else held.lines.push(words);
  };
  const wrapped = (words: string, hang = 0): string => (isTTY ? broken(words, process.stderr.columns, hang) : words);
  const live = (words: string): void => {
    if (quiet || !isTTY) return;
    if (held !== undefined) held.live = words;
    else {
      text = words.trim() === '' ? [] : regionLines(words.trimEnd(), process.stderr.columns);
      redraw();
    }
  };
  return {
    progress(words, hang) {
      if (!quiet) line(wrapped(words, hang));
    },
    notice: (words) => line(wrapped(words)),
    answer(given, how) {
      const isShown = how === 'prose' && process.stdout.isTTY;
      const words = isShown ? broken(given, process.stdout.columns, 0) : given;
      const lines = shown;
      if (lines.length > 0) draw([]);
      process.stdout.write(`${words}\n`);
      if (lines.length > 0) draw(lines);
    },
    live,
    board(lines) {
      if (quiet || !isTTY) return;
      board = lines(process.stderr.columns, process.stderr.rows);
      redraw();
    },
    hold() {
      if (held !== undefined) return { [Symbol.dispose]: () => undefined };
      if (shown.length > 0) draw([]);
      held = { lines: [], live: '' };
      return {
        [Symbol.dispose]() {
          const { lines, live: last } = held ?? { lines: [], live: '' };
          held = undefined;
          for (const words of lines) line(words);
          live(last);
          redraw();
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

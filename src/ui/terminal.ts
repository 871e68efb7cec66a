/** The terminal: the answer goes to stdout, everything else to stderr; colour only where somebody looks. */
import { createColors } from 'picocolors';

export type Terminal = {
  /** One line of progress; nothing with --quiet. */
  progress(text: string): void;
  /** A word to the person that --quiet does not silence. */
  notice(text: string): void;
  /** The answer, or a document. */
  answer(text: string): void;
  readonly colors: ReturnType<typeof createColors>;
};

export function createTerminal({ quiet, noColor }: { quiet: boolean; noColor: boolean }): Terminal {
  const colors = createColors(process.stderr.isTTY && !noColor);
  return {
    progress(text) {
      if (!quiet) process.stderr.write(`${text}\n`);
    },
    notice: (text) => void process.stderr.write(`${text}\n`),
    answer: (text) => void process.stdout.write(`${text}\n`),
    colors,
  };
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

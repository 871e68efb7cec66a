/** Runs the command line on a terminal of its own, by `script` of util-linux, and sees and types what a person would. */
import { spawn, spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { commandLine } from './dpa.ts';

export type Pty = {
  /** All that was written, with its control sequences. */
  raw(): string;
  /** The same as words alone. */
  text(): string;
  /** Resolves when the words came, after those that were waited for before; rejects when the program ended without them. */
  until(words: RegExp): Promise<void>;
  type(keys: string): void;
  /** The exit code of the program. */
  readonly ended: Promise<number | null>;
};

export const keys = { ctrlC: '\u0003', down: '\u001b[B', enter: '\r' } as const;

/** Why there is no terminal here; undefined where there is one. */
export const noPty: string | undefined = /util-linux/.test(
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '',
)
  ? undefined
  : 'skipped: it takes `script` of util-linux to make a terminal';

/** A program that takes longer hangs. */
const limitMs = 90_000;

export function openPty(
  words: readonly string[],
  { cwd, env, columns = 80, rows = 40 }: { cwd: string; env: Record<string, string>; columns?: number; rows?: number },
): Pty {
  const { file, args, environment } = commandLine(words);
  const quoted = [file, ...args].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const command = `stty cols ${columns} rows ${rows} && exec ${quoted}`;
  const child = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
    cwd,
    env: { ...environment, TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let raw = '';
  let seen = 0;
  let look = (): void => undefined;
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    raw += piece;
    look();
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve)).finally(() =>
    clearTimeout(timer),
  );
  const text = () => stripVTControlCharacters(raw);
  return {
    raw: () => raw,
    text,
    type: (typed) => void child.stdin.write(typed),
    ended,
    until: (expected) =>
      new Promise<void>((resolve, reject) => {
        look = () => {
          const match = expected.exec(text().slice(seen));
          if (match === null) return;
          seen += match.index + match[0].length;
          look = () => undefined;
          resolve();
        };
        look();
        void ended.then((code) => reject(new Error(`Ended with ${code} before ${String(expected)}:\n${text()}`)));
      }),
  };
}

/** One child process that speaks in lines: bounded in what it may say, and gone with all its descendants when ended. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

export type ProcessEnd =
  | { readonly kind: 'notStarted'; readonly problem: string }
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'lineTooLong'; readonly bytes: number }
  | { readonly kind: 'killed'; readonly why: string }
  | { readonly kind: 'closed' };

export type LineProcess = {
  send(line: string): void;
  /** The last words on stderr, for messages. */
  stderrTail(): string;
  /** Ends it at once; `onEnd` is told the reason before this returns. */
  kill(end: ProcessEnd): void;
  /** Closes stdin, waits for a voluntary end up to the grace, then kills. Resolves when the process is gone. */
  close(graceMs: number): Promise<void>;
};

export type LineProcessOptions = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly lineBytes: number;
  onLine(line: string): void;
  /** Called exactly once. */
  onEnd(end: ProcessEnd): void;
};

const STDERR_TAIL_CHARACTERS = 2_000;
/** A descendant that left the group can hold the pipes open; after this the pipes are dropped. */
const PIPE_DRAIN_MS = 500;

export function startLineProcess(options: LineProcessOptions): LineProcess {
  // Its own process group, so that ending it also ends what it started, and so that Ctrl+C at the terminal does not hit it.
  const child = spawn(options.command, [...options.args], {
    env: { ...options.env },
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    shell: false,
    detached: true,
  });
  let ended = false;
  let exited = false;
  let stderr = '';
  const { promise: gone, resolve: isGone } = Promise.withResolvers<void>();

  function end(reason: ProcessEnd): void {
    if (ended) return;
    ended = true;
    options.onEnd(reason);
  }
  function kill(reason: ProcessEnd): void {
    end(reason);
    // Once it is reaped its number may be another program's.
    if (!exited) killGroup(child);
  }

  child.on('error', (error) => {
    end({ kind: 'notStarted', problem: error.message });
    if (child.pid === undefined) isGone();
  });
  child.on('exit', () => {
    killGroup(child);
    exited = true;
    setTimeout(() => destroyPipes(child), PIPE_DRAIN_MS).unref();
    isGone();
  });
  child.on('close', (code, signal) => {
    end({ kind: 'exited', code, signal });
  });
  child.stdin.on('error', () => {
    // EPIPE: the process is about to be reported as ended.
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL_CHARACTERS);
  });
  const onChunk = splitLines({
    lineBytes: options.lineBytes,
    onLine: (line) => {
      if (!ended) options.onLine(line);
    },
    onTooLong: (bytes) => kill({ kind: 'lineTooLong', bytes }),
  });
  child.stdout.on('data', (chunk: Buffer) => {
    if (!ended) onChunk(chunk);
  });

  return {
    send: (line) => void child.stdin.write(`${line}\n`),
    stderrTail: () => stderr,
    kill,
    async close(graceMs) {
      end({ kind: 'closed' });
      child.stdin.end();
      const timer = setTimeout(() => kill({ kind: 'closed' }), graceMs);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** Holds at most one unfinished line. */
function splitLines(options: {
  readonly lineBytes: number;
  onLine(line: string): void;
  onTooLong(bytes: number): void;
}): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let held = 0;
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...parts, chunk.subarray(from, at)]).toString('utf8');
      parts = [];
      held = 0;
      from = at + 1;
      options.onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    if (from === chunk.length) return;
    parts.push(chunk.subarray(from));
    held += chunk.length - from;
    if (held <= options.lineBytes) return;
    const bytes = held;
    parts = [];
    held = 0;
    options.onTooLong(bytes);
  };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: nobody of the group is left.
  }
}

function destroyPipes(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.stdin?.destroy();
}

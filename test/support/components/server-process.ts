/** A server of somebody else as a child process: started, waited for until it answers, ended with all it started. */
import { spawn } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';

export type ServerProcess = {
  /** What it wrote so far, for the message of a failure. */
  output(): string;
  [Symbol.asyncDispose](): Promise<void>;
};

export type ServerStart = {
  readonly command: string;
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Answers with a status below 400 once the server is ready. */
  readonly readyUrl: string;
};

/** A large Python program takes half a minute on a busy machine. */
const startLimitMs = 120_000;
const askEveryMs = 200;

/** Time to end by itself before it is killed. */
const endLimitMs = 5_000;

/** Kept of what it writes. */
const maxOutputCharacters = 64 * 1024;

export async function openServerProcess(start: ServerStart): Promise<ServerProcess> {
  const { command, words, env = {}, cwd, readyUrl } = start;
  // A group of its own: what it starts ends with it.
  const child = spawn(command, words, {
    detached: true,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let text = '';
  const keep = (piece: string) => (text = (text + piece).slice(-maxOutputCharacters));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  let ended = false;
  const closed = new Promise<void>((resolve) => {
    child.once('error', (error) => keep(error.message));
    child.once('close', () => resolve(void (ended = true)));
  });
  const server: ServerProcess = {
    output: () => text,
    async [Symbol.asyncDispose]() {
      if (ended || child.pid === undefined) return;
      process.kill(-child.pid, 'SIGTERM');
      await Promise.race([closed, after(endLimitMs, undefined, { ref: false })]);
      if (!ended) process.kill(-child.pid, 'SIGKILL');
      await closed;
    },
  };
  try {
    const deadline = performance.now() + startLimitMs;
    while (!(await answers(readyUrl))) {
      if (ended) throw new Error(`${command} ended before it answered:\n${text}`);
      if (performance.now() > deadline) throw new Error(`${command} did not answer at ${readyUrl}:\n${text}`);
      await after(askEveryMs);
    }
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}

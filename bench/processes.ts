/** Starts programs of the project under the Node that runs the benchmarks, and times what they print. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../src/config.ts';

/** As bin/dpa.js sets it; the baselines get it too. */
const compileCache = join(loadConfig().cacheFolder, 'compiled');

export type ProgramOptions = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where the awaited line is printed. */
  readonly on: 'stdout' | 'stderr';
  /** Whether this is the line that is waited for. */
  isAwaited(line: string): boolean;
};

/** `program` relative to the root of the project. Resolves at the awaited line, rejects when the program ends before. */
export async function startProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<{ readonly afterMs: number; readonly child: ChildProcess }> {
  const path = fileURLToPath(new URL(`../${program}`, import.meta.url));
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path, ...args], {
    cwd: options.cwd,
    env: { NODE_COMPILE_CACHE: compileCache, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const awaited = new Promise<number>((resolve, reject) => {
    for (const name of ['stdout', 'stderr'] as const) {
      createInterface({ input: child[name] }).on('line', (line) => {
        if (name === options.on && options.isAwaited(line)) resolve(performance.now() - startedAt);
        else said.push(line);
      });
    }
    child.once('close', (code) => reject(new Error(`${program} ended with ${code}:\n${said.slice(-10).join('\n')}`)));
  });
  return { afterMs: await awaited, child };
}

/** Waits for its own end. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

export async function endBy(signal: NodeJS.Signals, child: ChildProcess): Promise<void> {
  child.kill(signal);
  await ended(child);
}

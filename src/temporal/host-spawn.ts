/** Starts the local host as a background process of its own. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError, exitCode } from '../command-error.ts';
import type { Config } from '../config.ts';
import { hostFiles } from './host-endpoint.ts';
import { openLog, tailOf } from './log-file.ts';

export type SpawnedHost = { ended(): number | string | undefined };

/** In a session of its own, so that neither Ctrl+C nor the end of the terminal reaches it. */
export async function spawnHost(config: Config, program = hostProgram()): Promise<SpawnedHost> {
  const log = openHostLog(config);
  let ended: number | string | undefined;
  try {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
      cwd: config.workingFolder,
      // Node keeps its compiled code there: loading the worker takes half the time from the second start on.
      env: {
        NODE_COMPILE_CACHE: join(config.cacheFolder, 'compiled'),
        ...config.environment,
        DPA_HOME: config.home,
      },
      detached: true,
      stdio: ['ignore', log, log],
    });
    child.once('exit', (code, signal) => (ended = code ?? signal ?? 'unknown'));
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
  } finally {
    closeSync(log);
  }
  return { ended: () => ended };
}

function openHostLog(config: Config): number {
  try {
    mkdirSync(config.home, { recursive: true, mode: 0o700 });
    return openLog(hostFiles(config.home).log);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(
      `Expected to be able to write to ${config.home}, where analyses are kept. Found: ${found}. ` +
        `Make it writable, or set DPA_HOME to a folder that is.`,
      exitCode.usage,
      { cause },
    );
  }
}

export function hostDied(config: Config, how: number | string | undefined): CommandError {
  const log = hostFiles(config.home).log;
  return new CommandError(
    `Expected the local host to start; its process ended with ${how}. Its log ${log} ends with:\n${tailOf(log)}`,
    exitCode.unreachable,
  );
}

function hostProgram(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../host.ts' : '../host.js', import.meta.url));
}

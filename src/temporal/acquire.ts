/** Finds the `temporal` program: named by the user, on PATH, in the cache, downloaded, or built with Go. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, exitCode } from '../command-error.ts';
import type { Environment } from '../config.ts';
import { findProgram, isExecutable } from '../processes/find-program.ts';
import { downloadTemporal } from './download.ts';
import { buildTemporal } from './go-install.ts';
import { waitForLock } from './lock.ts';

/** Longer than a download and a build together may take, by their own limits. */
const installLockLimitMs = 45 * 60_000;

export type AcquireOptions = {
  /** The user's word (DPA_TEMPORAL_CLI): then nothing else is tried. */
  readonly temporalCli: string | undefined;
  readonly searchPath: string;
  readonly cacheFolder: string;
  readonly environment: Environment;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
  /** Where the official download is described; for tests. */
  readonly downloadBase?: string;
};

/** A way to get the program into `folder`; rejects with an Error whose message says why it cannot be gone. */
export type InstallWay = (folder: string, options: AcquireOptions) => Promise<void>;

/** The absolute path of the program. Two starts at once install once. Rejects with a `CommandError` naming every way. */
export async function acquireTemporal(options: AcquireOptions): Promise<string> {
  return locateTemporal(options) ?? (await installTemporal(options));
}

/** The program when it is there already; throws a `CommandError` when DPA_TEMPORAL_CLI does not name a program. */
export function locateTemporal(
  options: Pick<AcquireOptions, 'temporalCli' | 'searchPath' | 'cacheFolder'>,
): string | undefined {
  if (options.temporalCli !== undefined) return namedByUser(options.temporalCli);
  const cached = cachedTemporal(options.cacheFolder);
  return findProgram('temporal', options.searchPath) ?? (isExecutable(cached) ? cached : undefined);
}

export function cachedTemporal(cacheFolder: string): string {
  return join(cacheFolder, 'bin', 'temporal');
}

async function installTemporal(options: AcquireOptions): Promise<string> {
  const target = cachedTemporal(options.cacheFolder);
  makeFolder(join(options.cacheFolder, 'bin'));
  const lock = await waitForLock(join(options.cacheFolder, 'temporal.lock'), {
    timeoutMs: installLockLimitMs,
    signal: options.signal,
    onWait: () => options.onProgress('another start is installing the Temporal program; waiting for it'),
  });
  try {
    if (!isExecutable(target)) await installTo(target, options);
    return target;
  } finally {
    lock.release();
  }
}

async function installTo(target: string, options: AcquireOptions): Promise<void> {
  const ways: readonly (readonly [string, InstallWay])[] = [
    ['the official download', downloadTemporal],
    ['building it with Go', buildTemporal],
  ];
  const failures: string[] = [];
  for (const [name, install] of ways) {
    // Made in a folder of its own and moved when whole: a half-made program is never found.
    const folder = join(options.cacheFolder, 'installing');
    rmSync(folder, { recursive: true, force: true });
    makeFolder(folder);
    try {
      await install(folder, options);
      renameSync(join(folder, 'temporal'), target);
      return;
    } catch (error) {
      options.signal.throwIfAborted();
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  throw noWay(target, failures);
}

function namedByUser(path: string): string {
  if (isExecutable(path)) return path;
  throw new CommandError(
    `DPA_TEMPORAL_CLI: expected the path of the Temporal program, an executable file. Found: "${path}", which is not ` +
      `one. Correct it, or unset it to have the program found or installed.`,
    exitCode.usage,
  );
}

function noWay(target: string, failures: readonly string[]): CommandError {
  const tried = ['DPA_TEMPORAL_CLI: not set', 'PATH: no program `temporal`', `cache: no ${target}`, ...failures];
  return new CommandError(
    `Expected the Temporal program \`temporal\`, which keeps the analyses. Found no way to it:\n` +
      tried.map((line) => `  - ${line}\n`).join('') +
      `Any one of these repairs it: install the Temporal CLI so that \`temporal\` is on PATH ` +
      `(https://docs.temporal.io/cli) · set DPA_TEMPORAL_CLI to it · allow access to https://temporal.download · ` +
      `install Go 1.25 or later · set TEMPORAL_ADDRESS to a Temporal cluster and use that.`,
    exitCode.unreachable,
  );
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new CommandError(
      `Expected to be able to write to the cache folder ${folder}, where the Temporal program is to be installed. ` +
        `Found: ${cause instanceof Error ? cause.message : String(cause)}. Make it writable, set XDG_CACHE_HOME to a ` +
        `folder that is, or set DPA_TEMPORAL_CLI to an installed \`temporal\`.`,
      exitCode.usage,
      { cause },
    );
  }
}

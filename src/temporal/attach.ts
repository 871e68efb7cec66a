/** The client's side of the local host: attach to it, starting it when none runs. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CommandError, exitCode } from '../command-error.ts';
import type { Config } from '../config.ts';
import { openDialogue, type Dialogue } from './host-dialogue.ts';
import { hostExit, hostFiles, readEndpoint } from './host-endpoint.ts';
import { tailOf } from './service-child.ts';

/** Longest road: the Temporal program is built first, which has its own, shorter limits. */
const attachLimitMs = 20 * 60_000;
const pollMs = 20;
/** Between two tries while another host starts or stops. */
const takenPollMs = 100;

export type Attachment = {
  readonly address: string;
  readonly uiUrl: string;
  /** The host's process. */
  readonly pid: number;
  /** Resolves when the host is gone: it was stopped, or killed. */
  readonly lost: Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type AttachOptions = {
  /** The program to start as the host; for tests. */
  readonly hostProgram?: string;
  /** `keep`: the host stays when this client has left, until `dpa down`. */
  readonly kind?: 'attach' | 'keep';
};

/** The lease lasts until `close`, or until this process ends in whatever way. Rejects with a `CommandError`. */
export async function attachToHost(
  config: Config,
  onProgress: (text: string) => void,
  options: AttachOptions = {},
): Promise<Attachment> {
  const deadline = performance.now() + attachLimitMs;
  const progress = onceEach(onProgress);
  let spawned: SpawnedHost | undefined;
  while (performance.now() < deadline) {
    const endpoint = readEndpoint(config.home);
    const dialogue = endpoint ? await openDialogue(endpoint, options.kind ?? 'attach') : undefined;
    const attachment = dialogue ? await untilReady(dialogue, progress) : undefined;
    if (attachment) return attachment;
    if (!spawned || spawned.ended() === hostExit.taken || spawned.ended() === hostExit.stopped) {
      if (spawned) await delay(takenPollMs);
      spawned = await spawnHost(config, options.hostProgram ?? hostProgram());
    } else if (spawned.ended() !== undefined) {
      throw hostDied(config, spawned.ended());
    }
    await delay(pollMs);
  }
  throw new CommandError(
    `Expected the local host of ${config.home} to be ready within ${attachLimitMs / 60_000} min; it is not. ` +
      `See ${hostFiles(config.home).log}, stop it with \`dpa down\` and try again.`,
    exitCode.unreachable,
  );
}

/** Undefined when the host went away or is stopping: then another one is to be tried. */
async function untilReady(dialogue: Dialogue, progress: (text: string) => void): Promise<Attachment | undefined> {
  for (;;) {
    const message = await dialogue.next();
    switch (message?.kind) {
      case 'progress':
        progress(message.text);
        break;
      case 'failed':
        dialogue.close();
        throw new CommandError(message.message, message.exitCode);
      case 'ready': {
        const close = (): Promise<void> => {
          dialogue.close();
          return dialogue.closed;
        };
        const { address, uiUrl, pid } = message;
        return { address, uiUrl, pid, lost: dialogue.closed, close, [Symbol.asyncDispose]: close };
      }
      default:
        dialogue.close();
        return undefined;
    }
  }
}

type SpawnedHost = { ended(): number | string | undefined };

/** In a session of its own, so that neither Ctrl+C nor the end of the terminal reaches it. */
async function spawnHost(config: Config, program: string): Promise<SpawnedHost> {
  const log = openHostLog(config);
  let ended: number | string | undefined;
  try {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
      cwd: config.workingFolder,
      env: { ...config.environment, DPA_HOME: config.home },
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
    return openSync(hostFiles(config.home).log, 'a', 0o600);
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

function hostDied(config: Config, how: number | string | undefined): CommandError {
  const log = hostFiles(config.home).log;
  return new CommandError(
    `Expected the local host to start; its process ended with ${how}. Its log ${log} ends with:\n${tailOf(log)}`,
    exitCode.unreachable,
  );
}

function hostProgram(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../host.ts' : '../host.js', import.meta.url));
}

function onceEach(tell: (text: string) => void): (text: string) => void {
  let last: string | undefined;
  return (text) => {
    if (text !== last) tell(text);
    last = text;
  };
}

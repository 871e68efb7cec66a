/** The client's side of the local host: attach to it, starting it when none runs. */
import { setTimeout as delay } from 'node:timers/promises';
import { CommandError, exitCode } from '../command-error.ts';
import type { Config } from '../config.ts';
import { commandLineOf, sendSignal, waitUntilGone } from '../processes/running.ts';
import { openDialogue, type Dialogue } from './host-dialogue.ts';
import { hostExit, hostFiles, readEndpoint } from './host-endpoint.ts';
import type { HostStatus } from './host-messages.ts';
import { hostDied, spawnHost, type SpawnedHost } from './host-spawn.ts';

/** Longest road: the Temporal program is built first, which has its own, shorter limits. */
const attachLimitMs = 50 * 60_000;
const pollMs = 20;
/** A host says something at once; one that is silent for so long hangs. */
const firstAnswerLimitMs = 15_000;
/** A host that was told to stop and is still there after that is killed. */
const stopLimitMs = 10_000;
const killLimitMs = 5_000;
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
    const attachment = endpoint && dialogue ? await untilReady(dialogue, endpoint.pid, progress) : undefined;
    if (attachment) return attachment;
    if (!spawned || spawned.ended() === hostExit.taken || spawned.ended() === hostExit.stopped) {
      if (spawned) await delay(takenPollMs);
      spawned = await spawnHost(config, options.hostProgram);
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

/** Makes the host stay, starting it when none runs, until `stopHost`. */
export async function keepHost(
  config: Config,
  onProgress: (text: string) => void,
  options: AttachOptions = {},
): Promise<Pick<Attachment, 'address' | 'uiUrl' | 'pid'>> {
  const attachment = await attachToHost(config, onProgress, { ...options, kind: 'keep' });
  await attachment.close();
  return attachment;
}

/** Undefined when no host runs. */
export async function hostStatus(config: Config): Promise<HostStatus | undefined> {
  const endpoint = readEndpoint(config.home);
  const dialogue = endpoint && (await openDialogue(endpoint, 'status'));
  if (!endpoint || !dialogue) return undefined;
  const message = await firstAnswer(dialogue, endpoint.pid);
  dialogue.close();
  return message?.kind === 'status' ? message : undefined;
}

/**
 * Stops the host, by force when it does not stop within 10 s; what ran goes on with the next one. Resolves to false when
 * none ran. Nothing of the host runs any more afterwards.
 */
export async function stopHost(config: Config): Promise<boolean> {
  const endpoint = readEndpoint(config.home);
  const before = endpoint && commandLineOf(endpoint.pid);
  const dialogue = endpoint && (await openDialogue(endpoint, 'down'));
  if (!endpoint || !dialogue) return false;
  const { pid, temporalPid } = endpoint;
  const gone = await waitUntilGone(pid, stopLimitMs);
  dialogue.close();
  // The pid is ours to kill only while it still is the program that it was when it answered.
  if (!gone && before !== undefined && commandLineOf(pid) === before) sendSignal(pid, 'SIGKILL');
  if (!(await waitUntilGone(pid, killLimitMs)) || (temporalPid && !(await waitUntilGone(temporalPid, killLimitMs)))) {
    throw new CommandError(
      `Expected the local host (process ${pid}) to end; it did not, even by SIGKILL. End it and try again.`,
      exitCode.unreachable,
    );
  }
  return true;
}

async function firstAnswer(dialogue: Dialogue, pid: number) {
  const tooLate = new AbortController();
  const silence = delay(firstAnswerLimitMs, 'silence' as const, { signal: tooLate.signal });
  const first = await Promise.race([dialogue.next(), silence]);
  tooLate.abort();
  silence.catch(() => undefined);
  if (first !== 'silence') return first;
  dialogue.close();
  throw new CommandError(
    `Expected the local host (process ${pid}) to answer within ${firstAnswerLimitMs / 1_000} s; it is silent. ` +
      `End it with \`dpa down\` and try again: what ran goes on with the next one.`,
    exitCode.unreachable,
  );
}

/** Undefined when the host went away or is stopping: then another one is to be tried. */
async function untilReady(
  dialogue: Dialogue,
  pid: number,
  progress: (text: string) => void,
): Promise<Attachment | undefined> {
  for (let answer = firstAnswer(dialogue, pid); ; answer = dialogue.next()) {
    const message = await answer;
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
        const { address, uiUrl } = message;
        return { address, uiUrl, pid: message.pid, lost: dialogue.closed, close, [Symbol.asyncDispose]: close };
      }
      default:
        dialogue.close();
        return undefined;
    }
  }
}

function onceEach(tell: (text: string) => void): (text: string) => void {
  let last: string | undefined;
  return (text) => {
    if (text !== last) tell(text);
    last = text;
  };
}

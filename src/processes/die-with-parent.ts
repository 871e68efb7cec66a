/** Wraps a command so that its process ends when ours does, even when ours is killed with SIGKILL. */
import { spawnSync } from 'node:child_process';
import { findProgram } from './find-program.ts';

export type TiedCommand = {
  /**
   * How the tie works. `kernel`: the kernel kills the child, its pid is the program's own.
   * `pipe`: a shell watches its stdin, which must be a pipe from us that stays open; the pid is the shell's, SIGTERM is
   * passed on, closing the pipe kills. `untied`: no means on this machine, the command is as it was.
   */
  readonly kind: 'kernel' | 'pipe' | 'untied';
  readonly command: string;
  readonly args: readonly string[];
  /** What to give `spawn` as the child's stdin; undefined leaves the choice to the caller. */
  readonly stdin: 'pipe' | 'ignore' | undefined;
};

export type TieOptions = {
  readonly searchPath: string;
  /** Whether the program leaves its stdin to us, so that the pipe can be used where the kernel cannot help. */
  readonly stdinIsFree: boolean;
  readonly platform?: NodeJS.Platform;
};

/**
 * Must be spawned from the main thread: on Linux the signal comes when the THREAD that spawned the child ends, so a
 * child of a worker thread would die with that thread.
 */
export function dieWithParent(command: string, args: readonly string[], options: TieOptions): TiedCommand {
  const platform = options.platform ?? process.platform;
  const setpriv = platform === 'linux' ? kernelTie(options.searchPath) : undefined;
  const stdin = options.stdinIsFree ? 'ignore' : undefined;
  if (setpriv !== undefined) {
    return { kind: 'kernel', command: setpriv, args: ['--pdeathsig', 'KILL', '--', command, ...args], stdin };
  }
  if (options.stdinIsFree && platform !== 'win32') {
    return { kind: 'pipe', command: '/bin/sh', args: ['-c', watchingShell, 'sh', command, ...args], stdin: 'pipe' };
  }
  return { kind: 'untied', command, args, stdin };
}

const probeLimitMs = 2_000;
const probed = new Map<string, boolean>();

/** The path of `setpriv`, where it knows `--pdeathsig` (BusyBox's does not). */
function kernelTie(searchPath: string): string | undefined {
  const setpriv = findProgram('setpriv', searchPath);
  if (setpriv === undefined) return undefined;
  const known = probed.get(setpriv);
  const works =
    known ?? spawnSync(setpriv, ['--pdeathsig', 'KILL', '--', 'true'], { timeout: probeLimitMs }).status === 0;
  probed.set(setpriv, works);
  return works ? setpriv : undefined;
}

/**
 * POSIX sh. The pipe moves to descriptor 3, because sh gives background jobs /dev/null as stdin; the program must not
 * inherit it, nor the watcher survive the program. `wait` returns early for a trapped signal, hence the loop; the
 * trap stands before the program starts, so that no signal finds the shell without it.
 */
const watchingShell = `
exec 3<&0
child= told=
trap 'told=yes; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM INT HUP
"$@" </dev/null 3<&- &
child=$!
[ -z "$told" ] || kill -TERM "$child" 2>/dev/null
( while read -r _ <&3; do :; done; kill -KILL "$child" 2>/dev/null ) >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$child"
code=$?
while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
kill -KILL "$watcher" 2>/dev/null
exit "$code"
`;

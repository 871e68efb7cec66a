/** One run of the Temporal program as our child: spawned tied to our life, ended by its pid. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { TiedCommand } from '../processes/die-with-parent.ts';
import { sendSignal, waitUntilGone } from '../processes/running.ts';
import { openLog } from './log-file.ts';

const killLimitMs = 5_000;

export type ServiceChild = {
  readonly pid: number;
  /** Resolves, never rejects, with how it ended in words. */
  readonly ended: Promise<string>;
  stop(graceMs: number): Promise<void>;
};

/** Rejects when the program cannot be started at all. */
export async function spawnServiceChild(tied: TiedCommand, logFile: string): Promise<ServiceChild> {
  const log = openLog(logFile);
  let child: ChildProcess;
  try {
    child = spawn(tied.command, tied.args, { stdio: [tied.stdin ?? 'ignore', log, log] });
  } finally {
    closeSync(log);
  }
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with exit code ${code}`));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`Expected ${tied.command} to have a pid after it was spawned.`);
  const stop = async (graceMs: number): Promise<void> => {
    if (graceMs > 0) sendSignal(pid, 'SIGTERM');
    if (await waitUntilGone(pid, graceMs)) return;
    // Closing the pipe makes the watching shell kill the program, where that is the tie.
    if (tied.kind === 'pipe') child.stdin?.end();
    else sendSignal(pid, 'SIGKILL');
    if (!(await waitUntilGone(pid, killLimitMs)))
      throw new Error(`Process ${pid} did not end within ${killLimitMs} ms.`);
  };
  return { pid, ended, stop };
}

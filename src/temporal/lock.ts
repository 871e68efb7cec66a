/** A lock between processes that the kernel releases when its holder dies, however it dies. */
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';

/** How often a waiter asks again. */
const lockPollMs = 50;

/** Keeps held locks from the garbage collector, which would close their files. */
const held = new Set<DatabaseSync>();

export type Lock = {
  readonly path: string;
  release(): void;
  [Symbol.dispose](): void;
};

export type WaitOptions = {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Called once, when the lock is found taken. */
  readonly onWait?: () => void;
};

/**
 * The lock on the file at `path` (made when missing; its folder must exist), or undefined while another holder has it.
 * Node has no flock: SQLite's exclusive transaction is an fcntl lock on the file. Child processes do not inherit it.
 * Nothing else in this process may open that file, since closing any handle on it would release the lock.
 */
export function tryLock(path: string): Lock | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written, so a journal file, which a crash would leave behind, is of no use.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  held.add(database);
  const release = (): void => {
    held.delete(database);
    if (database.isOpen) database.close();
  };
  return { path, release, [Symbol.dispose]: release };
}

/** Waits for the lock; rejects with a plain Error after `timeoutMs`, or with the signal's reason. */
export async function waitForLock(path: string, options: WaitOptions): Promise<Lock> {
  const deadline = performance.now() + options.timeoutMs;
  let waited = false;
  for (;;) {
    options.signal?.throwIfAborted();
    const lock = tryLock(path);
    if (lock) return lock;
    if (!waited) options.onWait?.();
    waited = true;
    if (performance.now() >= deadline) {
      throw new Error(
        `Expected the lock ${path} to be free within ${options.timeoutMs} ms; another process still holds it. ` +
          `Wait for it, or end it, and try again.`,
      );
    }
    await delay(lockPollMs, undefined, options.signal ? { signal: options.signal } : {});
  }
}

function isBusy(error: unknown): boolean {
  const sqliteBusy = 5;
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === sqliteBusy;
}

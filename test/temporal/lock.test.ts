/** The lock holds between processes and ends with its holder, however that ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tryLock, waitForLock } from '../../src/temporal/lock.ts';

const program = fileURLToPath(new URL('programs/hold-lock.ts', import.meta.url));

async function startHolder(path: string) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  return { child, said: String(said).trim() };
}

describe('the lock', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dpa-lock-'));
    path = join(folder, 'a.lock');
  });

  test('is held once in a process and free again after release', () => {
    const lock = tryLock(path);
    expect(lock).toBeDefined();
    expect(tryLock(path)).toBeUndefined();
    lock?.release();
    using again = tryLock(path);
    expect(again).toBeDefined();
  });

  test('is free as soon as its holder was killed, and the kill leaves nothing behind', async () => {
    const { child, said } = await startHolder(path);
    expect(said).toBe('held');
    expect(tryLock(path)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    using lock = tryLock(path);
    expect(lock).toBeDefined();
    expect(readdirSync(folder)).toEqual(['a.lock']);
  });

  test('keeps another process out', async () => {
    using lock = tryLock(path);
    expect(lock).toBeDefined();
    const { child, said } = await startHolder(path);
    child.kill();
    expect(said).toBe('taken');
  });

  test('is handed to a waiter, who is told once that it waits', async () => {
    const { child } = await startHolder(path);
    let told = 0;
    const waiting = waitForLock(path, {
      timeoutMs: 10_000,
      onWait: () => {
        told += 1;
        child.kill('SIGKILL');
      },
    });
    using lock = await waiting;
    expect(lock.path).toBe(path);
    expect(told).toBe(1);
  });

  test('is waited for no longer than the limit, nor after an abort', async () => {
    using lock = tryLock(path);
    expect(lock).toBeDefined();
    await expect(waitForLock(path, { timeoutMs: 1 })).rejects.toThrow(/free within 1 ms; another process still holds/);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(waitForLock(path, { timeoutMs: 10_000, signal })).rejects.toThrow('enough');
  });

  test('names the trouble when its folder is missing', () => {
    expect(() => tryLock(join(folder, 'no', 'a.lock'))).toThrow(/unable to open/);
  });
});

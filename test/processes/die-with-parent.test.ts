/** A tied child is gone when its parent was killed, and ends as told while the parent lives. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { dieWithParent } from '../../src/processes/die-with-parent.ts';
import { isRunning, sendSignal, waitUntilGone } from '../../src/processes/running.ts';

const program = fileURLToPath(new URL('programs/tied-parent.ts', import.meta.url));

async function startParent(searchPath: string) {
  const parent = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, searchPath], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
  const kind = (await lines.next()).value;
  const childPid = Number((await lines.next()).value);
  return { parent, kind, childPid };
}

/** Where Linux's `setpriv` is; elsewhere the shell is all there is. */
const kernelPath = '/usr/bin:/bin';
const kernelKind = process.platform === 'linux' ? 'kernel' : 'pipe';

const tied = (script: string) => dieWithParent('/bin/sh', ['-c', script], { searchPath: '', stdinIsFree: true });

describe('a child tied to its parent', () => {
  test('is killed by the kernel, where that is Linux', async () => {
    const { parent, kind, childPid } = await startParent(kernelPath);
    expect(kind).toBe(kernelKind);
    expect(isRunning(childPid)).toBe(true);
    parent.kill('SIGKILL');
    expect(await waitUntilGone(childPid, 1_000)).toBe(true);
  });

  test('is killed by a shell that watches a pipe, where the kernel cannot help', async () => {
    const { parent, kind, childPid } = await startParent('');
    expect(kind).toBe('pipe');
    expect(isRunning(childPid)).toBe(true);
    parent.kill('SIGKILL');
    expect(await waitUntilGone(childPid, 1_000)).toBe(true);
  });
});

describe('the watching shell', () => {
  test('ends with the exit code of the program', async () => {
    const { command, args } = tied('exit 7');
    const [code] = await once(spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'] }), 'close');
    expect(code).toBe(7);
  });

  test('passes SIGTERM on and waits for the program', async () => {
    const { command, args } = tied('trap "exit 9" TERM; echo ready; while :; do sleep 0.05; done');
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    sendSignal(child.pid ?? 0, 'SIGTERM');
    const [code] = await once(child, 'close');
    expect(code).toBe(9);
  });

  test('is not used where the program needs its stdin', () => {
    expect(dieWithParent('cat', [], { searchPath: '', stdinIsFree: false }).kind).toBe('untied');
  });
});

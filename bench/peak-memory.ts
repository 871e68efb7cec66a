/** Most memory that processes had at once, as the system counts it (Linux). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { descendants, statusField } from './descendants.ts';

const kibPerMib = 1024;

/** Of the one with most, of all processes this one started and those these started; MiB. */
export function peakOfDescendants(): number {
  return Math.max(0, ...descendants().map((pid) => statusField(pid, 'VmHWM'))) / kibPerMib;
}

/** MiB; a process of its own, with the engine as the tool server has it. */
export async function peakOfHandWritten(file: string): Promise<number> {
  const script = fileURLToPath(new URL('hand-written.ts', import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(child, 'close');
  return Number(said) / kibPerMib;
}

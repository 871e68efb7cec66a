/** Most memory that processes had at once, as the system counts it (Linux). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const kibPerMib = 1024;

/** Of the one with most, of all processes this one started and those these started; MiB. */
export function peakOfDescendants(): number {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), field(name, 'PPid')] as const),
  );
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === process.pid || isOurs(parents.get(pid)));
  const peaks = [...parents.keys()].filter((pid) => pid !== process.pid && isOurs(pid)).map(String);
  return Math.max(0, ...peaks.map((pid) => field(pid, 'VmHWM'))) / kibPerMib;
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

/** KiB for memory; 0 for what a process does not have, or one that has ended. */
export function field(pid: string, name: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Which processes work for a DPA_HOME: by the environment they were started with, as Linux tells it. */
import { readFileSync, readdirSync } from 'node:fs';

export function processesOf(home: string): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .filter((pid) => read(pid, 'environ').split('\0').includes(`DPA_HOME=${home}`))
    .map((pid) => `${pid} ${read(pid, 'cmdline').replaceAll('\0', ' ')}`);
}

/** Empty for a process that has gone, or is another user's. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

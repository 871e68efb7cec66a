/** The processes that this one started, and those that these started, as the system lists them (Linux). */
import { readFileSync, readdirSync } from 'node:fs';

export function descendants(): readonly string[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), statusField(name, 'PPid')] as const),
  );
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === process.pid || isOurs(parents.get(pid)));
  return [...parents.keys()].filter((pid) => pid !== process.pid && isOurs(pid)).map(String);
}

/** KiB for memory; 0 for what a process does not have, or one that has ended. */
export function statusField(pid: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(read(pid, 'status'))?.[1] ?? 0);
}

/** Clock ticks that those have worked so far whose command line has the word in it. */
export function ticksOf(pids: readonly string[], word: string): number {
  return pids
    .filter((pid) => read(pid, 'cmdline').includes(word))
    .map((pid) =>
      read(pid, 'stat')
        .replace(/^.*\) /s, '')
        .split(' '),
    )
    .reduce((sum, fields) => sum + Number(fields[userTime] ?? 0) + Number(fields[systemTime] ?? 0), 0);
}

/** Places in /proc/PID/stat after the name in brackets. */
const userTime = 11;
const systemTime = 12;

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

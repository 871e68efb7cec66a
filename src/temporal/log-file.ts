/** Log files of background processes: bounded, private, and quoted in messages. */
import { openSync, readFileSync, statSync, truncateSync } from 'node:fs';

/** A log above this size starts anew at the next start. */
const logMaxBytes = 10_000_000;
const logTailChars = 600;

/** A descriptor to append to, for `stdio` of `spawn`. */
export function openLog(logFile: string): number {
  const log = openSync(logFile, 'a', 0o600);
  if (statSync(logFile).size > logMaxBytes) truncateSync(logFile);
  return log;
}

/** The end of the log, for messages; empty when there is none. */
export function tailOf(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').slice(-logTailChars).trim();
  } catch {
    return '';
  }
}

/** Ends the program before a runaway statement takes the memory of the machine: the client starts a new one. */
import { limits } from './limits.ts';

/** Exit status for "resource limit reached", so that a log tells it from a crash. */
const exitStatus = 70;

/** DuckDB's own limit does not count a list or text that one function builds in one cell. */
export function watchMemory(): void {
  setInterval(endWhenTooBig, limits.residentCheckMs).unref();
}

function endWhenTooBig(): void {
  const residentMib = Math.round(process.memoryUsage.rss() / 1024 / 1024);
  if (residentMib <= limits.maxResidentMib) return;
  process.stderr.write(
    `data-lake: expected at most ${limits.maxResidentMib} MiB of memory, found ${residentMib}; ending. Start the server again and avoid statements that build one huge value.\n`,
  );
  process.exit(exitStatus);
}

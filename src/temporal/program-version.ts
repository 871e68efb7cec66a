/** Which Temporal CLI is installed where none is, and the proof that an installed one runs. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The last one that `go install` can build: later ones replace a module by a folder. */
export const temporalVersion = '1.5.1';

const versionLimitMs = 20_000;

/** What the program says of itself; rejects when it does not run on this machine. */
export async function tryProgram(program: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: versionLimitMs });
    return stdout.trim();
  } catch (cause) {
    const found = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new Error(`the installed program does not run here (${found})`, { cause });
  }
}

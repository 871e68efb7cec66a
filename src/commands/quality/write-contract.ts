/** Writes a contract to a file the user named, never over another one unasked. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';

export async function writeContract(config: Config, output: string, force: boolean, yaml: string): Promise<void> {
  const file = resolve(config.workingFolder, output);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, yaml, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Expected to write ${output}, found: ${reason}. Another name, or --force.`;
    throw new CommandError(message, exitCode.usage, { cause });
  }
}

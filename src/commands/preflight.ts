/** What is looked at before an analysis starts, so that a mistake costs a second and not a run. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError, exitCode } from '../command-error.ts';
import type { Config } from '../config.ts';
import { parseServerConfig } from '../tools/server-config.ts';

/** The configuration of the tool servers must be readable, the store writable. */
export async function checkStore(config: Config): Promise<void> {
  const probe = join(config.storeFolder, `probe-${randomUUID()}`);
  try {
    await mkdir(config.storeFolder, { recursive: true });
    await writeFile(probe, 'x'.repeat(4096));
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(
      `Expected to be able to write into the store ${config.storeFolder}, found: ${found}. Make room or give write permission, or set DPA_STORE or DPA_HOME to another folder.`,
      exitCode.usage,
      { cause },
    );
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

export async function checkToolConfig(config: Config): Promise<void> {
  const text = await readFile(config.mcpConfigFile, 'utf8');
  parseServerConfig(text, config.mcpConfigFile, config.environment);
}

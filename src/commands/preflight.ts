/** What is looked at before an analysis starts, so that a mistake costs a second and not a run. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError, exitCode } from '../command-error.ts';
import type { Config } from '../config.ts';
import { readServerConfig } from '../tools/server-config-file.ts';

/** Everything that can be wrong before the first step; on a cluster the tool servers are the worker's affair. */
export async function preflight(config: Config): Promise<void> {
  if (config.temporal.kind === 'local') await checkToolConfig(config);
  await checkStore(config);
}

/** The store's folder must be there or be makeable, and take a file. */
export async function checkStore(config: Config): Promise<void> {
  const probe = join(config.storeFolder, `probe-${randomUUID()}`);
  try {
    await makeFolder(config.storeFolder);
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

async function checkToolConfig(config: Config): Promise<void> {
  try {
    await readServerConfig(config.mcpConfigFile, config.environment, config.workingFolder);
  } catch (cause) {
    throw new CommandError(cause instanceof Error ? cause.message : String(cause), exitCode.usage, { cause });
  }
}

/** One folder at a time: on some file systems Node's own recursive way never ends. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return;
    if (error.code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder);
  });
}

/** Reads the file of the tool servers from disk, or says in words why it cannot be read. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { ConfigProblem } from './config-problem.ts';
import { MAX_FILE_BYTES, parseServerConfig } from './server-config.ts';
import type { ServerConfig } from './server-config.ts';

/** Throws `ConfigProblem`. */
export async function readServerConfig(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string = process.cwd(),
): Promise<ServerConfig[]> {
  return parseServerConfig(await readText(file), file, env, cwd);
}

async function readText(file: string): Promise<string> {
  try {
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const info = await handle.stat();
    if (info.isDirectory()) throw new ConfigProblem(file, 'expected a file, found a folder. Name the file in it');
    if (!info.isFile()) throw new ConfigProblem(file, 'expected a file, found a pipe or device');
    if (info.size > MAX_FILE_BYTES) {
      throw new ConfigProblem(
        file,
        `expected at most ${MAX_FILE_BYTES} bytes, found ${info.size}. Is it the right file?`,
      );
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await handle.readFile());
  } catch (error) {
    if (error instanceof ConfigProblem) throw error;
    throw new ConfigProblem(file, wordsOf(error));
  }
}

function wordsOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'expected this file with the tool servers, found none. Create it, or name another';
  if (code === 'EACCES' || code === 'EPERM')
    return 'expected a readable file, found no permission to read it. Change its mode';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'expected UTF-8 text, found other bytes. Save it as UTF-8';
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

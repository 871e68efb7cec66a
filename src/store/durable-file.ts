/** Writing a file so that after a power cut it is there whole or not at all: temporary file, fsync, rename, fsync of the folder. */
import { open, mkdir, rename, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { Failure } from '../analysis/failures.ts';

export async function writeDurably(path: string, content: string): Promise<void> {
  const folder = dirname(path);
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeAndSync(temporary, content).catch(async (error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
      await mkdir(folder, { recursive: true });
      await writeAndSync(temporary, content);
    });
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw storeFailure(path, error);
  }
}

async function writeAndSync(path: string, content: string): Promise<void> {
  await using file = await open(path, 'wx');
  await file.writeFile(content);
  await file.sync();
}

/** The rename is durable only once the folder is. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/** The typed failure of a file that could not be written. */
export function storeFailure(path: string, cause: unknown): Failure {
  const code = codeOf(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Failure(
      'Store.Full',
      `No space left to write ${path}. Free some space; what was stored before is intact.`,
      { cause },
    );
  }
  return new Failure(
    'Store.Unwritable',
    `Expected to be able to write ${path}, found ${code ?? String(cause)}. Give the folder write permission or set DPA_HOME to another one.`,
    { cause },
  );
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

/** Writing a file so that after a power cut it is there whole or not at all: temporary file, fsync, rename, fsync of the folder. */
import { link, open, mkdir, rename, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';

/** Makes the folder where needed; rejects with the system's error. */
export async function writeDurably(path: string, content: string): Promise<void> {
  await put(path, content, (temporary) => rename(temporary, path));
}

/** Resolves with false when the file is there already: of several that write it at once, one does. */
export async function createDurably(path: string, content: string): Promise<boolean> {
  try {
    await put(path, content, async (temporary) => {
      await link(temporary, path);
      await rm(temporary);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function put(path: string, content: string, place: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeAndSync(temporary, content).catch(async (error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
      await makeFolder(dirname(path));
      await writeAndSync(temporary, content);
    });
    await place(temporary);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

async function writeAndSync(path: string, content: string): Promise<void> {
  await using file = await open(path, 'wx');
  await file.writeFile(content);
  await file.sync();
}

/** A new folder is durable only once the one above it is. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first !== undefined) await syncFolder(dirname(first));
}

/** The rename is durable only once the folder is. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

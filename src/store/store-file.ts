/** Writes a file of the store durably, or says in a typed failure why it cannot be written. */
import { Failure } from '../analysis/failures.ts';
import { createDurably, writeDurably } from '../files/durable-file.ts';

/** Rejects with `Store.Full` or `Store.Unwritable`. */
export async function writeStoreFile(path: string, content: string): Promise<void> {
  await writeDurably(path, content).catch((error: unknown) => {
    throw storeFailure(path, error);
  });
}

/** Resolves with false when it is there already. Rejects as above. */
export async function createStoreFile(path: string, content: string): Promise<boolean> {
  return createDurably(path, content).catch((error: unknown) => {
    throw storeFailure(path, error);
  });
}

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

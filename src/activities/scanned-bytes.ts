/** Bytes of data that a tool call scanned, as the tool tells it; attempts that broke off count like the one that ended. */
import type { ActivityDependencies } from './dependencies.ts';

type Attempts = { readonly attempts: number };

/** Marks an attempt before it is made, and resolves with how many there are now. */
export async function nextAttempt(journal: ActivityDependencies['journal'], call: readonly string[]): Promise<number> {
  const key = ['scan', ...call];
  const before = (await journal.read(key)) as Attempts | undefined;
  const attempts = (before?.attempts ?? 0) + 1;
  await journal.write(key, { attempts } satisfies Attempts);
  return attempts;
}

/** Undefined when the result does not tell. */
export function bytesScannedIn(content: string): number | undefined {
  const { meta } = JSON.parse(content) as { meta?: { bytesScanned?: unknown } };
  const bytes = meta?.bytesScanned;
  return typeof bytes === 'number' && Number.isFinite(bytes) && bytes >= 0 ? bytes : undefined;
}

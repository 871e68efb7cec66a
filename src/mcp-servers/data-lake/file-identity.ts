/** What tells whether a file is still the same without reading it: its size, its times, its beginning and its end. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Of the beginning and of the end; the footer of a Parquet file, which describes all of it, is hardly ever longer. */
const edgeBytes = 64 * 1024;

/**
 * Changes with every write: also one of the same size that sets the time of the last change back, since the time of the last
 * change of the file's own entry cannot be set. Rejects with the system's error.
 */
export async function identityOf(path: string): Promise<string> {
  await using file = await open(path, 'r');
  const { size, mtimeNs, ctimeNs, ino } = await file.stat({ bigint: true });
  const hash = createHash('sha256').update(`${size} ${mtimeNs} ${ctimeNs} ${ino}`);
  const edge = Buffer.alloc(Math.min(edgeBytes, Number(size)));
  for (const position of new Set([0, Math.max(0, Number(size) - edgeBytes)])) {
    const { bytesRead } = await file.read(edge, 0, edge.length, position);
    hash.update(edge.subarray(0, bytesRead));
  }
  return hash.digest('hex').slice(0, 32);
}

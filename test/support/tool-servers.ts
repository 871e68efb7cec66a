/** Configurations of the scripted tool servers, and a watch that no process of theirs survives a test. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitUntilGone } from '../../src/processes/running.ts';
import type { ServerConfig } from '../../src/tools/server-config.ts';

const folder = fileURLToPath(new URL('mcp-servers/', import.meta.url));

export function toolServer(
  script: string,
  args: readonly string[] = [],
  more: Partial<ServerConfig> = {},
): ServerConfig {
  return {
    name: script,
    command: process.execPath,
    args: [`${script}.ts`, ...args],
    env: {},
    cwd: folder,
    effects: {},
    readPaths: [],
    writePaths: [],
    timeoutMs: 5_000,
    ...more,
  };
}

const GONE_WITHIN_MS = 10_000;

/** A folder in which scripted servers leave their pids (`TEST_PIDS`). */
export function watchProcesses(): {
  readonly folder: string;
  readonly pids: () => number[];
  survivors(): Promise<number[]>;
  remove(): void;
} {
  const pidFolder = mkdtempSync(path.join(tmpdir(), 'dpa-pids-'));
  const pids = (): number[] => readdirSync(pidFolder).map(Number);
  return {
    folder: pidFolder,
    pids,
    async survivors() {
      const left = await Promise.all(
        pids().map(async (pid) => ({ pid, gone: await waitUntilGone(pid, GONE_WITHIN_MS) })),
      );
      return left.filter(({ gone }) => !gone).map(({ pid }) => pid);
    },
    remove: () => rmSync(pidFolder, { recursive: true }),
  };
}

/** The data-lake tool server as the measurements configure it. */
import { fileURLToPath } from 'node:url';
import type { ServerConfig } from '../src/tools/server-config.ts';

export function dataLakeServer(cwd: string): ServerConfig {
  return {
    name: 'data_lake',
    command: process.execPath,
    args: [fileURLToPath(new URL('../src/mcp-servers/data-lake/main.ts', import.meta.url))],
    env: {},
    cwd,
    effects: {},
    readPaths: ['data'],
    writePaths: [],
    timeoutMs: 300_000,
    startMs: 30_000,
  };
}

/** Opens connections to scripted tool servers for one test; fails it when a process of theirs is still there at the end. */
import { openConnections } from '../../src/tools/connections.ts';
import type { Connections, ToolOutcome } from '../../src/tools/connections.ts';
import { ToolFailure } from '../../src/tools/failures.ts';
import type { Limits } from '../../src/tools/limits.ts';
import type { ServerConfig } from '../../src/tools/server-config.ts';
import { watchProcesses } from './tool-servers.ts';

export type TestWorld = {
  readonly connections: Connections;
  readonly pids: () => number[];
  readonly call: (tool: string, input?: Record<string, unknown>, more?: CallOptions) => Promise<ToolOutcome>;
  /** The failure of a call that must fail. */
  readonly failureOf: (tool: string, input?: Record<string, unknown>, more?: CallOptions) => Promise<ToolFailure>;
};

type CallOptions = { dataPaths?: readonly string[]; signal?: AbortSignal; key?: string; onProgress?: () => void };

export async function withConnections(
  servers: readonly ServerConfig[],
  limits: Partial<Limits>,
  test: (world: TestWorld) => Promise<void>,
): Promise<void> {
  const watch = watchProcesses();
  const watched = servers.map((server) => ({ ...server, env: { TEST_PIDS: watch.folder, ...server.env } }));
  const connections = openConnections(watched, { limits: { startMs: 20_000, ...limits } });
  const call: TestWorld['call'] = (tool, input = {}, more = {}) =>
    connections.call({
      tool,
      arguments: input,
      dataPaths: more.dataPaths ?? [],
      idempotencyKey: more.key ?? 'key',
      signal: more.signal ?? new AbortController().signal,
      ...(more.onProgress === undefined ? {} : { onProgress: more.onProgress }),
    });
  try {
    await test({
      connections,
      pids: watch.pids,
      call,
      async failureOf(tool, input, more) {
        const result: unknown = await call(tool, input, more).catch((error: unknown) => error);
        if (result instanceof ToolFailure) return result;
        throw new Error(`expected a failure of ${tool}, found ${JSON.stringify(result)}`, { cause: result });
      },
    });
  } finally {
    await connections[Symbol.asyncDispose]();
  }
  expect(await watch.survivors()).toEqual([]);
  watch.remove();
}

/** Starts a tool server for the data of one analysis and opens the session with it. */
import { dieWithParent } from '../processes/die-with-parent.ts';
import { discoverTools } from './catalog.ts';
import type { Discovery } from './catalog.ts';
import { ToolFailure } from './failures.ts';
import { findCommand } from './find-command.ts';
import type { Limits } from './limits.ts';
import { openMcpClient, RequestFailed } from './mcp-client.ts';
import type { McpClient } from './mcp-client.ts';
import { startFailure } from './problem-text.ts';
import type { ServerConfig } from './server-config.ts';

/** The tools are asked for once per process, and again when the server says that they changed. */
export type Session = { readonly client: McpClient; tools(): Promise<Discovery> };

export type SessionOptions = {
  readonly server: ServerConfig;
  readonly dataPaths: readonly string[];
  /** The PATH in which a bare command is looked for. */
  readonly searchPath: string;
  readonly limits: Limits;
};

/** Rejects with `ToolFailure`; then nothing is left running. */
export async function openSession(options: SessionOptions, signal: AbortSignal, onCrash: () => void): Promise<Session> {
  const { server, limits } = options;
  const searchPath = server.env['PATH'] ?? options.searchPath;
  const found = await findCommand(server.command, server.cwd, searchPath);
  if (found.kind === 'problem') {
    const message = `Expected the tool server "${server.name}" to start: ${found.problem}. Correct its entry in mcp_servers_config.json.`;
    throw new ToolFailure('Tool.Unavailable', message, { retryable: false });
  }
  if (signal.aborted) throw closedFailure(server.name);
  const paths = options.dataPaths.length > 0 ? options.dataPaths : server.readPaths;
  const tied = dieWithParent(found.path, server.args, { searchPath: options.searchPath, stdinIsFree: false });
  let tools: Promise<Discovery> | undefined;
  try {
    const client = await openMcpClient({
      command: tied.command,
      args: tied.args,
      env: { ...server.env, DPA_DATA_PATHS: JSON.stringify(paths) },
      cwd: server.cwd,
      limits,
      signal,
      onEnd(end) {
        if (end.kind !== 'closed') onCrash();
      },
      onToolsChanged() {
        tools = undefined;
      },
    });
    return {
      client,
      tools() {
        tools ??= discoverTools(client, server, limits).catch((error: unknown) => {
          tools = undefined;
          throw toStartFailure(error, server, limits);
        });
        return tools;
      },
    };
  } catch (error) {
    throw toStartFailure(error, server, limits);
  }
}

function toStartFailure(error: unknown, server: ServerConfig, limits: Limits): unknown {
  return error instanceof RequestFailed ? startFailure(server.name, error.problem, limits) : error;
}

export function closedFailure(server: string): ToolFailure {
  return new ToolFailure('Tool.Unavailable', `The tool server "${server}" was closed with its worker. Try again.`, {
    retryable: true,
  });
}

/** One MCP session over a child process; the only file that knows the MCP SDK. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { ErrorCode, McpError, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { JsonSchemaValidatorResult, jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import type { Limits } from './limits.ts';
import { startLineProcess } from './line-process.ts';
import type { LineProcess, ProcessEnd } from './line-process.ts';

export { getDefaultEnvironment };

/** How a request ended when it did not end with a result. */
export type RequestProblem =
  | { readonly kind: 'ended'; readonly end: ProcessEnd; readonly stderr: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cancelled' }
  /** The server answered the request with a protocol error. */
  | { readonly kind: 'refused'; readonly code: number; readonly message: string }
  | { readonly kind: 'malformed'; readonly message: string };

export class RequestFailed extends Error {
  readonly problem: RequestProblem;
  constructor(problem: RequestProblem) {
    super(problem.kind);
    this.problem = problem;
  }
}

export type McpClient = {
  /** One page, unchecked: what the server said. */
  listTools(cursor: string | undefined): Promise<Record<string, unknown>>;
  callTool(call: McpCall): Promise<Record<string, unknown>>;
  isAlive(): boolean;
  close(): Promise<void>;
};

export type McpCall = {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly idempotencyKey: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (() => void) | undefined;
};

export type McpClientOptions = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly limits: Limits;
  onEnd(end: ProcessEnd): void;
  onToolsChanged(): void;
};

const CLIENT_INFO = { name: 'data-processing-assistant', version: '0.1.0' };

/** Starts the process and initializes the session. Rejects with `RequestFailed`; then nothing is left running. */
export async function openMcpClient(options: McpClientOptions): Promise<McpClient> {
  const { limits } = options;
  let end: ProcessEnd | undefined;
  const wire = createWire(options, (reason) => {
    end = reason;
    options.onEnd(reason);
  });
  const client = new Client(CLIENT_INFO, { capabilities: {}, jsonSchemaValidator: noValidation });
  client.fallbackNotificationHandler = (notification) => {
    if (notification.method === 'notifications/tools/list_changed') options.onToolsChanged();
    return Promise.resolve();
  };
  const problemOf = (error: unknown): RequestFailed => new RequestFailed(describe(error, end, wire.stderrTail()));
  try {
    await client.connect(wire.transport, { timeout: limits.startMs, maxTotalTimeout: limits.startMs });
  } catch (error) {
    const failed = problemOf(error);
    await wire.close(0);
    throw failed;
  }

  async function request(
    message: { method: string; params: Record<string, unknown> },
    timeoutMs: number,
    signal?: AbortSignal,
    onProgress?: () => void,
  ): Promise<Record<string, unknown>> {
    // The SDK leaves its listener on the signal it gets, so each request gets its own.
    const own = new AbortController();
    const abort = (): void => own.abort(new Error('cancelled'));
    const isCancelled = (): boolean => signal?.aborted ?? false;
    if (isCancelled()) throw new RequestFailed({ kind: 'cancelled' });
    signal?.addEventListener('abort', abort);
    try {
      return await client.request(message, ResultSchema, {
        timeout: timeoutMs,
        maxTotalTimeout: timeoutMs,
        signal: own.signal,
        ...(onProgress === undefined ? {} : { onprogress: onProgress }),
      });
    } catch (error) {
      const failed = isCancelled() ? new RequestFailed({ kind: 'cancelled' }) : problemOf(error);
      if (failed.problem.kind === 'cancelled' || failed.problem.kind === 'timeout') void killUnlessAwake();
      throw failed;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** A server that ignores a cancelled call and a ping would keep its slot for ever. */
  async function killUnlessAwake(): Promise<void> {
    try {
      await client.ping({ timeout: limits.pingMs, maxTotalTimeout: limits.pingMs });
    } catch {
      wire.kill({
        kind: 'killed',
        why: `it did not answer a ping within ${limits.pingMs} ms after a call was given up`,
      });
    }
  }

  return {
    listTools: (cursor) =>
      request({ method: 'tools/list', params: cursor === undefined ? {} : { cursor } }, limits.listMs),
    callTool: (call) =>
      request(
        {
          method: 'tools/call',
          params: {
            name: call.tool,
            arguments: call.arguments,
            _meta: { 'dpa/idempotencyKey': call.idempotencyKey },
          },
        },
        call.timeoutMs,
        call.signal,
        call.onProgress,
      ),
    isAlive: () => end === undefined,
    close: () => wire.close(limits.closeGraceMs),
  };
}

/** The SDK compiles output schemas with a validator that a hostile pattern can freeze; results are checked by us instead. */
const noValidation: jsonSchemaValidator = {
  getValidator: <T>() => acceptAll<T>,
};

function acceptAll<T>(input: unknown): JsonSchemaValidatorResult<T> {
  return { valid: true, data: input as T, errorMessage: undefined };
}

type Wire = {
  readonly transport: Transport;
  stderrTail(): string;
  kill(end: ProcessEnd): void;
  close(graceMs: number): Promise<void>;
};

/** The SDK's transport interface over a line process, with the counters that end a server which misbehaves. */
function createWire(options: McpClientOptions, onEnd: (end: ProcessEnd) => void): Wire {
  const { limits } = options;
  let process: LineProcess | undefined;
  let garbageLines = 0;
  let notifications = 0;
  let windowStartedAt = 0;
  const transport: Transport = {
    start() {
      process = startLineProcess({
        command: options.command,
        args: options.args,
        env: { ...getDefaultEnvironment(), ...options.env },
        cwd: options.cwd,
        lineBytes: limits.lineBytes,
        onLine,
        onEnd(end) {
          onEnd(end);
          transport.onclose?.();
        },
      });
      return Promise.resolve();
    },
    send(message) {
      process?.send(JSON.stringify(message));
      return Promise.resolve();
    },
    close: () => process?.close(limits.closeGraceMs) ?? Promise.resolve(),
  };

  function onLine(line: string): void {
    const message = parseMessage(line);
    if (message === undefined) {
      garbageLines += 1;
      if (garbageLines <= limits.garbageLines) return;
      const why = `it wrote more than ${limits.garbageLines} lines to stdout that are no JSON-RPC message; a stdio server must log to stderr`;
      process?.kill({ kind: 'killed', why });
      return;
    }
    if ('method' in message && isFlood()) {
      const why = `it sent more than ${limits.notificationsPerSecond} notifications in a second`;
      process?.kill({ kind: 'killed', why });
      return;
    }
    transport.onmessage?.(message);
  }

  function isFlood(): boolean {
    const now = performance.now();
    if (now - windowStartedAt > 1_000) {
      windowStartedAt = now;
      notifications = 0;
    }
    notifications += 1;
    return notifications > limits.notificationsPerSecond;
  }

  return {
    transport,
    stderrTail: () => process?.stderrTail() ?? '',
    kill: (end) => process?.kill(end),
    close: (graceMs) => process?.close(graceMs) ?? Promise.resolve(),
  };
}

/** Only the envelope is looked at here; the SDK checks it again and the result is checked where it is used. */
function parseMessage(line: string): JSONRPCMessage | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isMessage = typeof value === 'object' && value !== null && 'jsonrpc' in value && value.jsonrpc === '2.0';
    return isMessage ? (value as JSONRPCMessage) : undefined;
  } catch {
    return undefined;
  }
}

function describe(error: unknown, end: ProcessEnd | undefined, stderr: string): RequestProblem {
  // The SDK closes a session that did not initialize in time before it says so: then the time is the reason, not the end.
  if (end !== undefined && end.kind !== 'closed') return { kind: 'ended', end, stderr };
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof McpError)) return { kind: 'malformed', message };
  const code: number = error.code;
  if (code === ErrorCode.RequestTimeout) return { kind: 'timeout' };
  if (end !== undefined) return { kind: 'ended', end, stderr };
  return { kind: 'refused', code, message: message.replace(/^MCP error -?\d+: /, '') };
}

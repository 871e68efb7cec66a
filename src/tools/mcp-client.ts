/** One MCP session over a child process: requests that end in a result or in a named problem. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ErrorCode, McpError, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import type { Limits } from './limits.ts';
import type { ProcessEnd } from './line-process.ts';
import { createWire } from './mcp-wire.ts';
import type { Wire, WireOptions } from './mcp-wire.ts';

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

type McpCall = {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly idempotencyKey: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (() => void) | undefined;
};

export type McpClientOptions = WireOptions & {
  /** Gives the start up. */
  readonly signal: AbortSignal;
  onToolsChanged(): void;
};

const TIMED_OUT: number = ErrorCode.RequestTimeout;
const CLIENT_INFO = { name: 'data-processing-assistant', version: '0.1.0' };

/** Starts the process and initializes the session. Rejects with `RequestFailed`; then nothing is left running. */
export async function openMcpClient(options: McpClientOptions): Promise<McpClient> {
  const { limits } = options;
  let end: ProcessEnd | undefined;
  const wire = createWire({
    ...options,
    onEnd(reason) {
      end = reason;
      options.onEnd(reason);
    },
  });
  const client = new Client(CLIENT_INFO, { capabilities: {}, jsonSchemaValidator: noValidator });
  client.fallbackNotificationHandler = (notification) => {
    if (notification.method === 'notifications/tools/list_changed') options.onToolsChanged();
    return Promise.resolve();
  };
  const failureOf = (error: unknown): RequestFailed => new RequestFailed(describe(error, end, wire.stderrTail()));
  const giveUp = (): void => wire.kill({ kind: 'closed' });
  options.signal.addEventListener('abort', giveUp);
  try {
    await client.connect(wire.transport, { timeout: limits.startMs, maxTotalTimeout: limits.startMs });
  } catch (error) {
    const failed = failureOf(error);
    await wire.close(0);
    throw failed;
  } finally {
    options.signal.removeEventListener('abort', giveUp);
  }
  const request = createRequest(client, failureOf, () => killUnlessAwake(client, wire, limits));
  return {
    listTools: (cursor) =>
      request({ method: 'tools/list', params: cursor === undefined ? {} : { cursor }, timeoutMs: limits.listMs }),
    callTool: ({ tool: name, arguments: input, idempotencyKey, ...call }) => {
      const params = { name, arguments: input, _meta: { 'dpa/idempotencyKey': idempotencyKey } };
      return request({ method: 'tools/call', params, ...call });
    },
    isAlive: () => end === undefined,
    close: () => wire.close(limits.closeGraceMs),
  };
}

type Request = {
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (() => void) | undefined;
};

function createRequest(
  client: Client,
  failureOf: (error: unknown) => RequestFailed,
  onGivenUp: () => Promise<void>,
): (request: Request) => Promise<Record<string, unknown>> {
  return async ({ method, params, timeoutMs, signal, onProgress }) => {
    // The SDK leaves its listener on the signal it gets, so each request gets its own.
    const own = new AbortController();
    const abort = (): void => own.abort(new Error('cancelled'));
    const isCancelled = (): boolean => signal?.aborted ?? false;
    if (isCancelled()) throw new RequestFailed({ kind: 'cancelled' });
    signal?.addEventListener('abort', abort);
    try {
      return await client.request({ method, params }, ResultSchema, {
        timeout: timeoutMs,
        maxTotalTimeout: timeoutMs,
        signal: own.signal,
        ...(onProgress === undefined ? {} : { onprogress: onProgress }),
      });
    } catch (error) {
      const failed = isCancelled() ? new RequestFailed({ kind: 'cancelled' }) : failureOf(error);
      if (failed.problem.kind === 'cancelled' || failed.problem.kind === 'timeout') void onGivenUp();
      throw failed;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  };
}

/** A server that ignores a cancelled call and a ping would keep its slot for ever. */
async function killUnlessAwake(client: Client, wire: Wire, limits: Limits): Promise<void> {
  try {
    await client.ping({ timeout: limits.pingMs, maxTotalTimeout: limits.pingMs });
  } catch {
    const why = `it did not answer a ping within ${limits.pingMs} ms after a call was given up`;
    wire.kill({ kind: 'killed', why });
  }
}

/** The SDK's own validator compiles a server's output schemas, whose patterns can freeze the process; it must stay unused. */
const noValidator: jsonSchemaValidator = {
  getValidator() {
    throw new Error('Results are checked by results.ts, not by the SDK.');
  },
};

function describe(error: unknown, end: ProcessEnd | undefined, stderr: string): RequestProblem {
  // The SDK closes a session that did not initialize in time before it says so: then the time is the reason, not the end.
  if (end !== undefined && end.kind !== 'closed') return { kind: 'ended', end, stderr };
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof McpError)) return { kind: 'malformed', message };
  if (error.code === TIMED_OUT) return { kind: 'timeout' };
  if (end !== undefined) return { kind: 'ended', end, stderr };
  return { kind: 'refused', code: error.code, message: message.replace(/^MCP error -?\d+: /, '') };
}

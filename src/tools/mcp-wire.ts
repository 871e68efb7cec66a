/** The MCP SDK's transport over a child process, with the counters that end a server which misbehaves. */
import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Limits } from './limits.ts';
import { startLineProcess } from './line-process.ts';
import type { LineProcess, ProcessEnd } from './line-process.ts';

/** What a child gets without being asked: HOME, LOGNAME, PATH, SHELL, TERM and USER, nothing else of ours. */
export const safeEnvironment: () => Readonly<Record<string, string>> = getDefaultEnvironment;

export type Wire = {
  readonly transport: Transport;
  stderrTail(): string;
  kill(end: ProcessEnd): void;
  close(graceMs: number): Promise<void>;
};

export type WireOptions = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly limits: Limits;
  /** Called exactly once, before the requests under way are told. */
  onEnd(end: ProcessEnd): void;
};

/** The process starts with `transport.start`. */
export function createWire(options: WireOptions): Wire {
  const { limits } = options;
  let child: LineProcess | undefined;
  let garbageLines = 0;
  const isFlood = createFloodCheck(limits.notificationsPerSecond);
  const transport: Transport = {
    start() {
      child = startLineProcess({
        command: options.command,
        args: options.args,
        env: { ...safeEnvironment(), ...options.env },
        cwd: options.cwd,
        lineBytes: limits.lineBytes,
        onLine,
        onEnd(end) {
          options.onEnd(end);
          transport.onclose?.();
        },
      });
      return Promise.resolve();
    },
    send(message) {
      child?.send(JSON.stringify(message));
      return Promise.resolve();
    },
    close: () => child?.close(limits.closeGraceMs) ?? Promise.resolve(),
  };

  function onLine(line: string): void {
    const message = parseMessage(line);
    if (message === undefined) {
      garbageLines += 1;
      if (garbageLines <= limits.garbageLines) return;
      kill(
        `it wrote more than ${limits.garbageLines} lines to stdout that are no JSON-RPC message; a stdio server must log to stderr`,
      );
    } else if ('method' in message && isFlood()) {
      kill(`it sent more than ${limits.notificationsPerSecond} notifications in a second`);
    } else {
      transport.onmessage?.(message);
    }
  }

  function kill(why: string): void {
    child?.kill({ kind: 'killed', why });
  }

  return {
    transport,
    stderrTail: () => child?.stderrTail() ?? '',
    kill: (end) => child?.kill(end),
    close: (graceMs) => child?.close(graceMs) ?? Promise.resolve(),
  };
}

const WINDOW_MS = 1_000;

function createFloodCheck(perWindow: number): () => boolean {
  let count = 0;
  let startedAt = 0;
  return () => {
    const now = performance.now();
    if (now - startedAt > WINDOW_MS) {
      startedAt = now;
      count = 0;
    }
    count += 1;
    return count > perWindow;
  };
}

function parseMessage(line: string): JSONRPCMessage | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEnvelope(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Only the envelope: the SDK looks at the rest again, and the result is checked where it is used. */
function isEnvelope(value: unknown): value is JSONRPCMessage {
  return typeof value === 'object' && value !== null && 'jsonrpc' in value && value.jsonrpc === '2.0';
}

/** What clients and the local host say to each other: one JSON object per line over loopback TCP. */
import type { Socket } from 'node:net';

/** `attach` and `keep` are answered when the host is ready; the open connection of `attach` is the client's lease. */
export type RequestKind = 'attach' | 'status' | 'keep' | 'down';

export type HostRequest = { readonly token: string; readonly kind: RequestKind };

export type HostStatus = {
  readonly kind: 'status';
  readonly state: 'starting' | 'ready' | 'failed' | 'stopping';
  readonly pid: number;
  readonly temporalPid: number | null;
  readonly address: string | null;
  readonly uiUrl: string | null;
  /** Clients attached, the asking one not counted. */
  readonly clients: number;
  /** True after `dpa up`: it stays until `dpa down`. */
  readonly kept: boolean;
  /** Analyses that run now, waiting and paused ones not counted; null when it could not be asked. */
  readonly running: number | null;
  readonly startedAt: string;
};

export type HostMessage =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'ready'; readonly address: string; readonly uiUrl: string; readonly pid: number }
  | { readonly kind: 'failed'; readonly message: string; readonly exitCode: number }
  | { readonly kind: 'stopping' }
  | HostStatus;

type Line = Readonly<Record<string, unknown>>;

/** A peer that sends a longer line is cut off. */
const lineMaxChars = 65_536;

/** What comes from the host is written by the same program and behind the token, so its kind is proof enough. */
export function isHostMessage(line: object): line is HostMessage {
  return 'kind' in line && ['progress', 'ready', 'failed', 'stopping', 'status'].includes(String(line.kind));
}

export function sendLine(socket: Socket, message: HostMessage | HostRequest): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

/** Calls back with each complete line; destroys the socket when a line is too long or is not a JSON object. */
export function onLines(socket: Socket, receive: (line: Line) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > lineMaxChars) socket.destroy();
    for (const line of lines) {
      const object = parseObject(line);
      if (object) receive(object);
      else socket.destroy();
    }
  });
}

function parseObject(line: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

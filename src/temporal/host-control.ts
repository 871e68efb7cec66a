/** The local host's control channel: a loopback TCP server that admits only holders of the token. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { loopback } from './free-ports.ts';
import { onLines, sendLine, type HostMessage, type RequestKind } from './host-messages.ts';

const tokenBytes = 32;
/** A connection that has not shown the token by then is closed. */
const requestLimitMs = 2_000;
const connectionsMax = 256;

export type ControlClient = {
  send(message: HostMessage): void;
  /** Ends the conversation after what was sent. */
  end(): void;
  onGone(callback: () => void): void;
};

export type ControlServer = {
  readonly port: number;
  readonly token: string;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function openControlServer(
  onRequest: (kind: RequestKind, client: ControlClient) => void,
): Promise<ControlServer> {
  const token = randomBytes(tokenBytes).toString('hex');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client killed in the middle of a message is a client that left.
    socket.on('error', () => socket.destroy());
    const tooLate = setTimeout(() => socket.destroy(), requestLimitMs);
    socket.once('close', () => clearTimeout(tooLate));
    onLines(socket, (line) => {
      clearTimeout(tooLate);
      const { kind } = line;
      if (isToken(line['token'], token) && isRequestKind(kind)) onRequest(kind, clientOf(socket));
      else socket.destroy();
    });
  });
  server.maxConnections = connectionsMax;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: loopback, port: 0, exclusive: true }, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address of the control server.');
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroySoon();
    });
  return { port: address.port, token, close, [Symbol.asyncDispose]: close };
}

function clientOf(socket: Socket): ControlClient {
  return {
    send: (message) => sendLine(socket, message),
    end: () => socket.end(),
    onGone: (callback) => void socket.once('close', callback),
  };
}

function isToken(given: unknown, token: string): boolean {
  return (
    typeof given === 'string' &&
    given.length === token.length &&
    timingSafeEqual(Buffer.from(given), Buffer.from(token))
  );
}

function isRequestKind(value: unknown): value is RequestKind {
  return value === 'attach' || value === 'status' || value === 'keep' || value === 'down';
}

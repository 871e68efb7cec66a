/** One conversation of a client with the local host over its control channel. */
import { connect, type Socket } from 'node:net';
import { loopback } from './free-ports.ts';
import type { HostEndpoint } from './host-endpoint.ts';
import { isHostMessage, onLines, sendLine, type HostMessage, type RequestKind } from './host-messages.ts';

const connectLimitMs = 2_000;

export type Dialogue = {
  /** The next message; undefined when the host has ended the conversation, or died. */
  next(): Promise<HostMessage | undefined>;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;
  close(): void;
};

/** Undefined when nobody listens at the endpoint: then the file is what a killed host left. */
export async function openDialogue(endpoint: HostEndpoint, kind: RequestKind): Promise<Dialogue | undefined> {
  const socket = await connected(endpoint.port);
  if (!socket) return undefined;
  const waiting: ((message: HostMessage | undefined) => void)[] = [];
  const arrived: HostMessage[] = [];
  let over = false;
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      over = true;
      for (const give of waiting.splice(0)) give(undefined);
      resolve();
    });
  });
  socket.on('error', () => socket.destroy());
  onLines(socket, (line) => {
    if (!isHostMessage(line)) return;
    const give = waiting.shift();
    if (give) give(line);
    else arrived.push(line);
  });
  sendLine(socket, { token: endpoint.token, kind });
  return {
    closed,
    close: () => socket.destroy(),
    next: () => {
      const message = arrived.shift();
      if (message || over) return Promise.resolve(message);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}

function connected(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: loopback, port, timeout: connectLimitMs });
    const fail = (): void => {
      socket.destroy();
      resolve(undefined);
    };
    socket.once('error', fail);
    socket.once('timeout', fail);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

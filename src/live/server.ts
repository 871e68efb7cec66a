/** Serves the text of running answers as server-sent events, on this machine only and only to who has the token. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LivePosition, LiveText } from './live-text.ts';

export type LiveServer = {
  /** Where the text of one session is followed; holds the token, so it belongs in no log. */
  urlOf(session: string): string;
  [Symbol.asyncDispose](): Promise<void>;
};

const loopback = '127.0.0.1';

/** Streams open at once; a further one is refused and its client falls back to the heartbeats. */
const maxStreams = 256;

/** A comment now and then tells the client that the stream is alive, and us that the client is. */
const keepAliveEveryMs = 5_000;

export async function openLiveServer(live: LiveText): Promise<LiveServer> {
  const token = randomBytes(16).toString('hex');
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const session = sessionOf(request, token);
    if (session === undefined) return void response.writeHead(404).end();
    if (streams.size >= maxStreams) return void response.writeHead(503).end();
    streams.add(response);
    response.once('close', () => streams.delete(response));
    follow(live, session, positionOf(request), response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, loopback, resolve);
  });
  const { port } = server.address() as AddressInfo;
  // A worker that has nothing else to do may end, whoever still watches.
  server.unref();
  return {
    urlOf: (session) => `http://${loopback}:${port}/live/${encodeURIComponent(session)}?token=${token}`,
    async [Symbol.asyncDispose]() {
      for (const response of streams) response.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sends what is new as long as the client takes it; a slow client gets the rest in one piece when it is ready again. */
function follow(live: LiveText, session: string, from: LivePosition | undefined, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': here\n\n');
  let position = from;
  let isFull = false;
  const send = (): void => {
    if (isFull) return;
    const piece = live.after(session, position);
    if (piece === undefined) return;
    if (piece === 'ended') {
      position = undefined;
      isFull = !response.write('event: ended\ndata: {}\n\n');
      return;
    }
    position = { turn: piece.turn, attempt: piece.attempt, offset: piece.offset + piece.text.length };
    isFull = !response.write(`id: ${idOf(position)}\ndata: ${JSON.stringify(piece)}\n\n`);
  };
  response.on('drain', () => {
    isFull = false;
    send();
  });
  const unwatch = live.watch(session, send);
  const timer = setInterval(() => {
    if (!isFull) response.write(': still here\n\n');
  }, keepAliveEveryMs);
  response.once('close', () => {
    clearInterval(timer);
    unwatch();
  });
  send();
}

/** Undefined for a request that is not ours to answer: a wrong path, token or host (a page that a browser was lured to). */
function sessionOf(request: IncomingMessage, token: string): string | undefined {
  const host = request.headers.host ?? '';
  if (request.method !== 'GET' || !host.startsWith(`${loopback}:`)) return undefined;
  const url = new URL(request.url ?? '/', `http://${loopback}`);
  const given = Buffer.from(url.searchParams.get('token') ?? '');
  const expected = Buffer.from(token);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const [, session] = /^\/live\/([^/]+)$/.exec(url.pathname) ?? [];
  return session === undefined ? undefined : decoded(session);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** As EventSource sends it when it comes back: `turn.attempt.offset`. */
function positionOf(request: IncomingMessage): LivePosition | undefined {
  const [, turn, attempt, offset] = /^(\d+)\.(\d+)\.(\d+)$/.exec(String(request.headers['last-event-id'] ?? '')) ?? [];
  return turn === undefined ? undefined : { turn: Number(turn), attempt: Number(attempt), offset: Number(offset) };
}

export function idOf({ turn, attempt, offset }: LivePosition): string {
  return `${turn}.${attempt}.${offset}`;
}

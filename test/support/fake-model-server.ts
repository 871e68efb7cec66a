/** What the strict fakes of all model providers share: scripted turns, faults, and a ledger of what was asked. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

/** One call as the model asks for it; arguments as text reach the wire as they are, valid JSON or not. */
export type FakeCall = {
  readonly id?: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>> | string;
};

/** What the model answers, in no provider's words. */
export type FakeTurn = {
  readonly reasoning?: string;
  /** Several strings are several deltas. */
  readonly text?: string | readonly string[];
  readonly calls?: readonly FakeCall[];
  readonly finish?: 'stop' | 'toolCalls' | 'length' | 'refusal' | 'paused' | 'contextFull';
  readonly refusal?: string;
  readonly usage?: Readonly<Record<'input' | 'cached' | 'cacheWrite' | 'output' | 'reasoning', number>>;
  /** Pause before each event, milliseconds; without it all leave at once. */
  readonly gapMs?: number;
  readonly fault?: Fault;
  /** A local server's peculiarities, for the fakes that know them. */
  readonly quirk?: string;
};

/** What a provider can complain of; each fake says it in its provider's shape. */
export type Complaint =
  | 'rateLimited'
  | 'slowDown'
  | 'tokensPerMinute'
  | 'quota'
  | 'spendLimit'
  | 'contractLimit'
  | 'noCredit'
  | 'overloaded'
  | 'server'
  | 'badGateway'
  | 'timeout'
  | 'auth'
  | 'permission'
  | 'unknownModel'
  | 'contextTooLong'
  | 'payloadTooLarge'
  | 'historyRejected'
  | 'unsupportedParameter'
  | 'contentPolicy'
  | 'badRequest';

/** `afterEvents` counts events that still leave; a complaint with it comes as a frame after status 200. */
export type Fault =
  | {
      readonly kind: 'complaint';
      readonly complaint: Complaint;
      readonly headers?: Headers;
      readonly afterEvents?: number;
    }
  /** Nothing more comes, not even the end; `keepAlive` sends comments meanwhile. Without `afterEvents` no headers either. */
  | { readonly kind: 'stall'; readonly afterEvents?: number; readonly keepAlive?: boolean }
  | { readonly kind: 'cut'; readonly afterEvents: number }
  | { readonly kind: 'reset'; readonly afterEvents?: number }
  | { readonly kind: 'html' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'raw'; readonly status: number; readonly headers?: Headers; readonly body: string };

type Headers = Readonly<Record<string, string>>;

/** `event` is absent where the provider names no events. */
export type WireEvent = { readonly event?: string; readonly data: string };

export type Refusal = { readonly status: number; readonly headers?: Headers; readonly body: unknown };

/** One streaming endpoint of a provider. */
export type FakeRoute = {
  /** What the real one would refuse. */
  check(body: unknown, headers: IncomingHttpHeaders): Refusal | undefined;
  events(turn: FakeTurn, body: unknown, number: number): readonly WireEvent[];
  complain(complaint: Complaint): Refusal;
  frame(complaint: Complaint): WireEvent;
};

export type LedgerEntry = {
  /** From 1. */
  readonly number: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** `refused` by the checks; `aborted` when the client went away before the end. */
  readonly outcome: 'open' | 'answered' | 'refused' | 'faulted' | 'aborted';
  readonly refusal?: Refusal;
  /** Settles when the exchange is over. */
  readonly over: Promise<void>;
};

export type FakeModelServer = {
  /** With the port, without a path. */
  readonly origin: string;
  readonly ledger: readonly LedgerEntry[];
  push(...turns: FakeTurn[]): void;
  /** Throws while scripted turns are unused or a request was refused or unscripted. */
  assertUsedUp(): void;
  close(): Promise<void>;
};

export type FakeOptions = {
  readonly routes: Readonly<Record<string, FakeRoute>>;
  /** Plain answers to GET, by path. */
  readonly pages?: Readonly<Record<string, unknown>>;
  /** Answers a request for which no turn is scripted. */
  readonly otherwise?: (body: unknown, number: number) => FakeTurn | undefined;
};

/** Time for what was written to leave before the socket is torn, milliseconds. */
const tearAfterMs = 20;
const keepAliveEveryMs = 10;

type Entry = { -readonly [Key in keyof LedgerEntry]: LedgerEntry[Key] };

/** Listens on 127.0.0.1 at a free port. */
export async function openFakeModelServer(options: FakeOptions): Promise<FakeModelServer> {
  const turns: FakeTurn[] = [];
  const ledger: Entry[] = [];
  const problems: string[] = [];
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      problems.push(`The fake itself failed: ${String(error)}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://fake').pathname;
    const page = options.pages?.[path];
    if (request.method === 'GET' && page !== undefined) return send(response, { status: 200, body: page });
    const route = options.routes[path];
    if (route === undefined) return send(response, { status: 404, body: { error: { message: `No route ${path}.` } } });
    const body = await bodyOf(request);
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const entry: Entry = { number: ledger.length + 1, path, headers: request.headers, body, outcome: 'open', over };
    ledger.push(entry);
    response.on('close', () => {
      if (entry.outcome === 'open') entry.outcome = response.writableFinished ? 'answered' : 'aborted';
      resolve();
    });
    const refusal = route.check(body, request.headers);
    if (refusal !== undefined) {
      Object.assign(entry, { outcome: 'refused', refusal });
      problems.push(`Request ${entry.number} was refused: ${JSON.stringify(refusal.body)}`);
      return send(response, refusal);
    }
    const turn = turns.shift() ?? options.otherwise?.(body, entry.number);
    if (turn === undefined) {
      problems.push(`Request ${entry.number} has no scripted turn.`);
      return send(response, { status: 500, body: { error: { message: 'No turn is scripted for this request.' } } });
    }
    await answer(route, turn, entry, response);
  }

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ledger,
    push: (...more) => void turns.push(...more),
    assertUsedUp: () => {
      if (turns.length > 0) problems.push(`${turns.length} scripted turns were left unused.`);
      if (problems.length > 0) throw new Error(problems.join('\n'));
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function answer(route: FakeRoute, turn: FakeTurn, entry: Entry, response: ServerResponse): Promise<void> {
  const { fault } = turn;
  if (fault !== undefined && !('afterEvents' in fault)) return breakBefore(route, fault, entry, response);
  const events = route.events(turn, entry.body, entry.number);
  const leaving = fault === undefined ? events : events.slice(0, fault.afterEvents);
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'x-request-id': `req_${entry.number}`,
    'request-id': `req_${entry.number}`,
  });
  response.flushHeaders();
  for (const event of leaving) {
    if (turn.gapMs !== undefined) await after(turn.gapMs);
    if (response.destroyed) return;
    response.write(wire(event));
  }
  if (fault === undefined) return void response.end();
  await breakAfter(route, fault, entry, response);
}

/** Faults instead of an answer. */
function breakBefore(route: FakeRoute, fault: Fault, entry: Entry, response: ServerResponse): void {
  // A stall stays open: the client ends it, and then it counts as aborted.
  if (fault.kind === 'stall') return;
  entry.outcome = 'faulted';
  if (fault.kind === 'complaint') {
    const { status, headers, body } = route.complain(fault.complaint);
    return send(response, { status, headers: { ...headers, ...fault.headers }, body });
  }
  if (fault.kind === 'html') {
    return raw(response, 200, { 'content-type': 'text/html' }, '<!doctype html><title>Sign in</title><p>Welcome.');
  }
  if (fault.kind === 'empty') return raw(response, 200, { 'content-type': 'application/json' }, '');
  if (fault.kind === 'raw') return raw(response, fault.status, fault.headers ?? {}, fault.body);
  response.socket?.resetAndDestroy();
}

/** Faults in the middle of an answer. */
async function breakAfter(route: FakeRoute, fault: Fault, entry: Entry, response: ServerResponse): Promise<void> {
  if (fault.kind === 'stall') {
    while (fault.keepAlive === true && !response.destroyed) {
      response.write(': keep-alive\n\n');
      await after(keepAliveEveryMs);
    }
    return;
  }
  entry.outcome = 'faulted';
  if (fault.kind === 'complaint') response.end(wire(route.frame(fault.complaint)));
  if (fault.kind === 'cut') response.end();
  if (fault.kind === 'reset') {
    await after(tearAfterMs);
    response.socket?.resetAndDestroy();
  }
}

function wire({ event, data }: WireEvent): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`;
}

function send(response: ServerResponse, { status, headers, body }: Refusal): void {
  raw(response, status, { 'content-type': 'application/json', ...headers }, JSON.stringify(body));
}

function raw(response: ServerResponse, status: number, headers: Headers, body: string): void {
  response.writeHead(status, { 'x-request-id': 'req_refused', 'request-id': 'req_refused', ...headers });
  response.end(body);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

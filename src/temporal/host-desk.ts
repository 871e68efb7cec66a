/** What the local host knows of itself and tells its clients: state, leases, and the answers to their requests. */
import { CommandError, exitCode } from '../command-error.ts';
import type { ControlClient } from './host-control.ts';
import type { HostMessage, HostStatus, RequestKind } from './host-messages.ts';
import type { TemporalService } from './service.ts';
import { countRunningAnalyses, createLeases, type Leases } from './unused.ts';

/** The host was started by a client that attaches at once; if that was killed before, the host must not stay. */
const firstClientLimitMs = 10_000;

type State =
  | { readonly kind: 'starting'; readonly text: string }
  | { readonly kind: 'ready'; readonly service: TemporalService }
  | { readonly kind: 'failed'; readonly message: HostMessage }
  | { readonly kind: 'stopping' };

export type HostDesk = {
  readonly leases: Leases;
  /** Aborted when the host shall stop. */
  readonly stop: AbortSignal;
  requestStop(): void;
  answer(kind: RequestKind, client: ControlClient): void;
  progress(text: string): void;
  ready(service: TemporalService): void;
  /** Resolves when a client has been told. */
  failed(error: unknown): Promise<void>;
  recordTemporalPid(pid: number): void;
  /** Zero before the service is there; one when it does not answer, since then nobody knows. */
  countRunning(): Promise<number>;
};

export function createHostDesk(namespace: string): HostDesk {
  const startedAt = new Date().toISOString();
  const stop = new AbortController();
  const leases = createLeases();
  const clients = new Set<ControlClient>();
  const told = Promise.withResolvers<void>();
  let state: State = { kind: 'starting', text: 'starting the local host' };
  let temporalPid: number | null = null;
  let kept = false;

  const firstClient = leases.add();
  const firstClientTimer = setTimeout(() => firstClient.end(), firstClientLimitMs);

  const tellState = (client: ControlClient): void => {
    client.send(messageFor(state));
    if (state.kind === 'failed') told.resolve();
    if (state.kind === 'failed' || state.kind === 'stopping') client.end();
  };
  const enter = (next: State): void => {
    state = next;
    for (const client of clients) tellState(client);
  };
  const countRunning = async (): Promise<number> => {
    if (state.kind !== 'ready') return 0;
    return countRunningAnalyses(state.service.connection, namespace).catch(() => 1);
  };
  const attach = (client: ControlClient): void => {
    const lease = leases.add();
    clearTimeout(firstClientTimer);
    firstClient.end();
    clients.add(client);
    client.onGone(() => {
      clients.delete(client);
      lease.end();
    });
    tellState(client);
  };
  const keep = (): void => {
    if (!kept) leases.add();
    kept = true;
  };
  const requestStop = (): void => {
    if (stop.signal.aborted) return;
    clearTimeout(firstClientTimer);
    enter({ kind: 'stopping' });
    stop.abort(new Error('the host is stopping'));
  };
  const status = async (client: ControlClient): Promise<void> => {
    const service = state.kind === 'ready' ? state.service : undefined;
    const running = service ? await countRunningAnalyses(service.connection, namespace).catch(() => null) : null;
    const message: HostStatus = {
      kind: 'status',
      state: state.kind,
      pid: process.pid,
      temporalPid,
      address: service?.address ?? null,
      uiUrl: service?.uiUrl ?? null,
      clients: clients.size,
      kept,
      running,
      startedAt,
    };
    client.send(message);
    client.end();
  };
  const answer = (kind: RequestKind, client: ControlClient): void => {
    switch (kind) {
      case 'keep':
        keep();
        return attach(client);
      case 'attach':
        return attach(client);
      case 'status':
        return void status(client);
      case 'down':
        clients.add(client);
        return state.kind === 'stopping' ? tellState(client) : requestStop();
    }
  };
  return {
    leases,
    stop: stop.signal,
    requestStop,
    answer,
    progress: (text) => (state.kind === 'starting' ? enter({ kind: 'starting', text }) : undefined),
    ready: (service) => enter({ kind: 'ready', service }),
    failed: (error) => {
      enter({ kind: 'failed', message: failure(error) });
      return told.promise;
    },
    recordTemporalPid: (pid) => void (temporalPid = pid),
    countRunning,
  };
}

function messageFor(state: State): HostMessage {
  if (state.kind === 'starting') return { kind: 'progress', text: state.text };
  if (state.kind === 'failed') return state.message;
  if (state.kind === 'stopping') return { kind: 'stopping' };
  return { kind: 'ready', address: state.service.address, uiUrl: state.service.uiUrl, pid: process.pid };
}

function failure(error: unknown): HostMessage {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', message, exitCode: error instanceof CommandError ? error.exitCode : exitCode.unreachable };
}

/** An arena with the real local host: Temporal service and worker in it, started by the first client. */
import { Client, Connection } from '@temporalio/client';
import { fileURLToPath } from 'node:url';
import type { Service } from '../../../src/commands/service.ts';
import { isRunning, sendSignal, waitUntilGone } from '../../../src/processes/running.ts';
import { attachToHost, type Attachment } from '../../../src/temporal/attach.ts';
import { readEndpoint } from '../../../src/temporal/host-endpoint.ts';
import { safeNow, type Arena, type Kill } from './arena.ts';
import { runInArena, type Setting } from './run.ts';
import type { FaultWorld } from './world.ts';

const hostProgram = fileURLToPath(new URL('host.ts', import.meta.url));

/** A Temporal service whose host was killed, and a host that nobody needs, must be gone by then. */
const goneLimitMs = 15_000;

export type HostArena = Arena & {
  /** SIGKILL to the host; `whileDown` runs when it and its Temporal service are gone. */
  killHost(whileDown?: () => void): Promise<Kill>;
  /** SIGKILL to the Temporal service; the host starts it again. */
  killService(): Promise<Kill>;
  /** Leaves as the last client, and waits until the host has stopped by itself. */
  leaveUntilHostStops(): Promise<void>;
  attach(): Promise<void>;
};

/** One analysis under the local host, which is gone afterwards. */
export async function inHostArena(setting: Setting, kill: (arena: HostArena) => Promise<Kill>) {
  return runInArena(await openHostArena(setting.world), setting, kill);
}

export async function openHostArena(world: FaultWorld): Promise<HostArena> {
  const pids = new Set<number>();
  // Closed at the end only: whoever follows the analysis still asks on the old one when the host is killed.
  const connections: Connection[] = [];
  let present = await join();

  async function join() {
    const host = await attachToHost(world.config, () => undefined, { hostProgram });
    pids.add(host.pid);
    pids.add(servicePid());
    const connection = await Connection.connect({ address: host.address });
    connections.push(connection);
    return { host, service: serviceOf(connection, host) };
  }

  function servicePid(): number {
    const pid = readEndpoint(world.config.home)?.temporalPid;
    if (pid === undefined || pid === null) throw new Error('Expected the running host to name its Temporal service.');
    return pid;
  }

  async function gone(pid: number, what: string): Promise<void> {
    if (!(await waitUntilGone(pid, goneLimitMs))) throw new Error(`Expected ${what} (process ${pid}) to be gone.`);
  }

  return {
    world,
    pids,
    get service() {
      return present.service;
    },
    whenBack: async () => undefined,
    async attach() {
      present = await join();
    },
    async killHost(whileDown) {
      const { host } = present;
      const child = servicePid();
      const atMs = performance.now();
      sendSignal(host.pid, 'SIGKILL');
      await gone(host.pid, 'the killed host');
      await gone(child, 'the Temporal service of the killed host');
      whileDown?.();
      const safe = safeNow(world);
      present = await join();
      return { atMs, backAtMs: performance.now(), ...safe };
    },
    async killService() {
      const killed = servicePid();
      const atMs = performance.now();
      const safe = safeNow(world);
      sendSignal(killed, 'SIGKILL');
      await gone(killed, 'the killed Temporal service');
      while (servicePid() === killed) await new Promise((resolve) => setTimeout(resolve, 10));
      pids.add(servicePid());
      return { atMs, backAtMs: performance.now(), ...safe };
    },
    async leaveUntilHostStops() {
      const { host } = present;
      await host.close();
      if (!(await waitUntilGone(host.pid, 2 * goneLimitMs))) throw new Error('Expected the unused host to stop.');
    },
    async close() {
      for (const connection of connections) await connection.close();
      await present.host.close();
      if (isRunning(present.host.pid)) await waitUntilGone(present.host.pid, goneLimitMs);
    },
  };
}

function serviceOf(connection: Connection, { uiUrl }: Attachment): Service {
  const client = new Client({ connection });
  return { client, namespace: 'default', uiUrl, searchAttributes: true, [Symbol.asyncDispose]: async () => undefined };
}

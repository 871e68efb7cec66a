/** The local host with the real Temporal service: it comes with its first client, goes with its last, survives kills. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, type Config } from '../../src/config.ts';
import { isRunning, sendSignal, waitUntilGone } from '../../src/processes/running.ts';
import { attachToHost, hostStatus, keepHost, stopHost } from '../../src/temporal/attach.ts';
import { openConnection, type TemporalConnection } from '../../src/temporal/connection.ts';
import { openDialogue } from '../../src/temporal/host-dialogue.ts';
import { hostFiles, readEndpoint, writePorts } from '../../src/temporal/host-endpoint.ts';
import { taskQueue } from '../../src/workflows/messages.ts';

const programOf = (name: string): string => fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
const hostProgram = programOf('host-without-worker');
const goneLimitMs = 5_000;
const silent = (): void => undefined;

let config: Config;

beforeEach(() => {
  config = configFor(mkdtempSync(join(tmpdir(), 'dpa-host-')));
});
afterEach(async () => {
  const endpoint = readEndpoint(config.home);
  await stopHost(config);
  if (endpoint?.temporalPid && !(await waitUntilGone(endpoint.temporalPid, goneLimitMs))) {
    throw new Error(`Expected the Temporal program (process ${endpoint.temporalPid}) to be gone with its host.`);
  }
  rmSync(config.home, { recursive: true, force: true });
});

describe('clients', () => {
  test('share one host, which leaves nothing running when the last has gone', async () => {
    const [first, second] = await Promise.all([attach(), attach()]);
    const { temporalPid } = await runningHost();
    expect(second.pid).toBe(first.pid);
    expect(second.address).toBe(first.address);
    expect(await hostStatus(config)).toMatchObject({ state: 'ready', clients: 2, kept: false, running: 0 });
    expect(statSync(hostFiles(config.home).endpoint).mode & 0o777).toBe(0o600);

    await first.close();
    expect(await hostStatus(config)).toMatchObject({ clients: 1 });
    await second.close();
    expect(await waitUntilGone(first.pid, goneLimitMs)).toBe(true);
    expect(isRunning(temporalPid)).toBe(false);
    expect(existsSync(hostFiles(config.home).endpoint)).toBe(false);
    expect(await hostStatus(config)).toBeUndefined();
  });

  test('lose their lease when they are killed', async () => {
    const client = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', programOf('attached-client'), hostProgram],
      { env: config.environment, stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const [said] = await once(client.stdout, 'data');
    const hostPid = Number(String(said));
    expect(isRunning(hostPid)).toBe(true);
    client.kill('SIGKILL');
    expect(await waitUntilGone(hostPid, goneLimitMs)).toBe(true);
  });

  test('without the token get no answer', async () => {
    await using host = await attach();
    const endpoint = readEndpoint(config.home);
    if (!endpoint) throw new Error('Expected an endpoint.');
    const stranger = await openDialogue({ ...endpoint, token: endpoint.token.replace(/./g, '0') }, 'down');
    expect(await stranger?.next()).toBeUndefined();
    expect(await hostStatus(config)).toMatchObject({ state: 'ready', pid: host.pid });
  });
});

describe('an auto-started host', () => {
  test('stays while an analysis runs, goes when it only waits, and the next host knows both', async () => {
    const client = await open();
    await start(client, 'running', []);
    await start(client, 'waiting', ['waiting']);
    const { pid } = await runningHost();
    await client.close();
    expect(await hostStatus(config)).toMatchObject({ clients: 0, running: 1 });
    expect(await waitUntilGone(pid, 1_500)).toBe(false);

    const again = await open();
    expect((await runningHost()).pid).toBe(pid);
    await again.client.workflow.getHandle('running').terminate();
    await again.close();
    expect(await waitUntilGone(pid, goneLimitMs)).toBe(true);

    await using next = await open();
    expect((await runningHost()).pid).not.toBe(pid);
    expect(next.address).toBe(client.address);
    expect((await next.client.workflow.getHandle('running').describe()).status.name).toBe('TERMINATED');
    expect((await next.client.workflow.getHandle('waiting').describe()).status.name).toBe('RUNNING');
  });

  test('kept, stays without a client until it is stopped', async () => {
    const { pid } = await keepHost(config, silent, { hostProgram });
    expect(await hostStatus(config)).toMatchObject({ kept: true, clients: 0 });
    expect(await waitUntilGone(pid, 1_200)).toBe(false);
    expect(await stopHost(config)).toBe(true);
    expect(isRunning(pid)).toBe(false);
    expect(await stopHost(config)).toBe(false);
  });
});

describe('after a kill', () => {
  test('of the host, its Temporal program is gone within a second and the next host goes on', async () => {
    const client = await open();
    await start(client, 'before', []);
    const killed = await runningHost();
    sendSignal(killed.pid, 'SIGKILL');
    expect(await waitUntilGone(killed.temporalPid, 1_000)).toBe(true);
    await client.lost;
    expect(readEndpoint(config.home)?.pid).toBe(killed.pid);

    await using next = await open();
    expect((await runningHost()).pid).not.toBe(killed.pid);
    expect((await next.client.workflow.getHandle('before').describe()).status.name).toBe('RUNNING');
    await next.client.workflow.getHandle('before').terminate();
    await client.close();
  });

  test('of the Temporal program, the host starts it again on the same ports', async () => {
    await using client = await open();
    await start(client, 'before', ['waiting']);
    const { temporalPid } = await runningHost();
    sendSignal(temporalPid, 'SIGKILL');
    const described = await client.client.workflow.getHandle('before').describe();
    expect(described.status.name).toBe('RUNNING');
    expect((await runningHost()).temporalPid).not.toBe(temporalPid);
  });
});

describe('a start that finds trouble', () => {
  test('replaces a stale endpoint and spares the process that has its pid now', async () => {
    mkdirSync(config.home, { recursive: true });
    const bystander = spawn('sleep', ['60']);
    const pid = bystander.pid ?? 0;
    const stale = { version: 1, pid, port: 1, token: 'x', temporalPid: pid };
    writeFileSync(hostFiles(config.home).endpoint, JSON.stringify(stale));
    await using host = await attach();
    expect(host.pid).not.toBe(pid);
    expect(isRunning(pid)).toBe(true);
    bystander.kill();
  });

  test('takes another port when the one of last time is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    mkdirSync(config.home, { recursive: true });
    writePorts(config.home, { grpc: port, ui: port });
    await using host = await attach();
    expect(host.address).not.toBe(`127.0.0.1:${port}`);
    expect(host.uiUrl).not.toBe(`http://127.0.0.1:${port}`);
    server.close();
  });

  test('tells every client why the Temporal program does not run', async () => {
    const broken = configFor(config.home, { DPA_TEMPORAL_CLI: '/bin/false' });
    const failure = attachToHost(broken, silent, { hostProgram });
    await expect(failure).rejects.toMatchObject({ exitCode: 69 });
    await expect(failure).rejects.toThrow(/Expected the Temporal service \(\/bin\/false\).* ended with exit code 1/);
  });

  test('names a home that cannot be written', async () => {
    mkdirSync(config.home, { recursive: true });
    writeFileSync(join(config.home, 'file'), '');
    const inFile = configFor(join(config.home, 'file', 'home'));
    const failure = attachToHost(inFile, silent, { hostProgram });
    await expect(failure).rejects.toThrow(/Expected to be able to write to .*set DPA_HOME to a folder that is/);
    await expect(failure).rejects.toMatchObject({ exitCode: 64 });
  });
});

test('an unreachable cluster is a failure with exit code 69, and no host is started for it', async () => {
  const cluster = configFor(config.home, { TEMPORAL_ADDRESS: '127.0.0.1:1' });
  const failure = openConnection(cluster, silent, { hostProgram });
  await expect(failure).rejects.toThrow(/Expected a Temporal service at 127\.0\.0\.1:1/);
  await expect(failure).rejects.toMatchObject({ exitCode: 69 });
  expect(existsSync(hostFiles(config.home).lock)).toBe(false);
});

function configFor(home: string, environment: Record<string, string> = {}): Config {
  return loadConfig({ ...loadConfig().environment, DPA_HOME: home, ...environment }, tmpdir());
}

const attach = () => attachToHost(config, silent, { hostProgram });
const open = () => openConnection(config, silent, { hostProgram });

async function runningHost(): Promise<{ pid: number; temporalPid: number }> {
  const status = await hostStatus(config);
  if (status?.temporalPid == null) throw new Error('Expected a running host with a Temporal program.');
  return { pid: status.pid, temporalPid: status.temporalPid };
}

async function start({ client }: TemporalConnection, workflowId: string, status: string[]): Promise<void> {
  const searchAttributes = status.length > 0 ? { DpaStatus: status } : {};
  await client.workflow.start('neverRuns', { workflowId, taskQueue, searchAttributes });
}

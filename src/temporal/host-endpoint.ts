/** The file by which clients find the local host of a home: `host.json`, private to the user, replaced atomically. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type HostEndpoint = {
  readonly version: 1;
  readonly pid: number;
  /** Loopback TCP port of the control channel. */
  readonly port: number;
  /** Only who can read this file may speak to the host. */
  readonly token: string;
  /** Recorded so that the next host can end a Temporal program that outlived this one. */
  readonly temporalPid: number | null;
};

/** Exit codes by which a host tells the client that spawned it how it ended. */
export const hostExit = { stopped: 0, failed: 69, taken: 75 } as const;

/** All files of a host, in one place. */
export function hostFiles(home: string) {
  return {
    lock: join(home, 'host.lock'),
    endpoint: join(home, 'host.json'),
    log: join(home, 'host.log'),
    ports: join(home, 'ports.json'),
    temporalDb: join(home, 'temporal.db'),
    temporalLog: join(home, 'temporal.log'),
  } as const;
}

/** Undefined when there is none, or it cannot be understood: both mean that no host can be spoken to. */
export function readEndpoint(home: string): HostEndpoint | undefined {
  const value = readJson(hostFiles(home).endpoint);
  if (typeof value !== 'object' || value === null) return undefined;
  const { version, pid, port, token, temporalPid } = value as Partial<Record<keyof HostEndpoint, unknown>>;
  if (version !== 1 || !isCount(pid) || !isCount(port) || port > 65_535 || typeof token !== 'string') return undefined;
  return { version, pid, port, token, temporalPid: isCount(temporalPid) ? temporalPid : null };
}

export function writeEndpoint(home: string, endpoint: HostEndpoint): void {
  writeAtomically(hostFiles(home).endpoint, endpoint);
}

export function removeEndpoint(home: string): void {
  rmSync(hostFiles(home).endpoint, { force: true });
}

/** The ports of the last run: kept when free, so that links to the Temporal UI stay good. */
export function readPorts(home: string): { grpc?: number; ui?: number } {
  const value = readJson(hostFiles(home).ports);
  if (typeof value !== 'object' || value === null) return {};
  const { grpc, ui } = value as { grpc?: unknown; ui?: unknown };
  return isCount(grpc) && isCount(ui) && grpc <= 65_535 && ui <= 65_535 ? { grpc, ui } : {};
}

export function writePorts(home: string, ports: { readonly grpc: number; readonly ui: number }): void {
  writeAtomically(hostFiles(home).ports, ports);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function writeAtomically(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

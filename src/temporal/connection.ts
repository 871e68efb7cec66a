/** The client's connection to Temporal: the configured cluster, or the local host's service. */
import { Client, Connection } from '@temporalio/client';
import { CommandError, exitCode } from '../command-error.ts';
import type { Config, TemporalSource } from '../config.ts';
import { attachToHost, type AttachOptions } from './attach.ts';

const connectLimitMs = 3_000;

export type TemporalConnection = {
  readonly client: Client;
  readonly connection: Connection;
  readonly address: string;
  readonly namespace: string;
  /** Of the local host; a cluster's is not known to us. */
  readonly uiUrl: string | undefined;
  /** Process of the local host; undefined with a cluster. */
  readonly hostPid: number | undefined;
  /** Resolves when the local host is gone; never with a cluster. */
  readonly lost: Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Starts the local host when there is no cluster and none runs. Rejects with a `CommandError` (69 when unreachable). */
export async function openConnection(
  config: Config,
  onProgress: (text: string) => void = () => undefined,
  options: AttachOptions = {},
): Promise<TemporalConnection> {
  const { temporal } = config;
  if (temporal.kind === 'cluster') {
    const connection = await connectTo(temporal.connectionOptions, temporal);
    return opened(connection, temporal, temporal.address, { lost: new Promise(() => undefined) });
  }
  const host = await attachToHost(config, onProgress, options);
  try {
    const connection = await connectTo({ address: host.address }, temporal);
    return opened(connection, temporal, host.address, host);
  } catch (error) {
    await host.close();
    throw error;
  }
}

type HostPart = {
  readonly uiUrl?: string;
  readonly pid?: number;
  readonly lost: Promise<void>;
  readonly close?: () => Promise<void>;
};

function opened(connection: Connection, source: TemporalSource, address: string, host: HostPart): TemporalConnection {
  const close = async (): Promise<void> => {
    await connection.close();
    await host.close?.();
  };
  return {
    client: new Client({ connection, namespace: source.namespace }),
    connection,
    address,
    namespace: source.namespace,
    uiUrl: host.uiUrl,
    hostPid: host.pid,
    lost: host.lost,
    close,
    [Symbol.asyncDispose]: close,
  };
}

type ClusterOptions = Extract<TemporalSource, { kind: 'cluster' }>['connectionOptions'] | { readonly address: string };

async function connectTo(options: ClusterOptions, source: TemporalSource): Promise<Connection> {
  try {
    return await Connection.connect({ ...(options as { address: string }), connectTimeout: connectLimitMs });
  } catch (cause) {
    throw unreachable(options.address ?? '', source, cause);
  }
}

function unreachable(address: string, source: TemporalSource, cause: unknown): CommandError {
  const found = cause instanceof Error ? cause.message : String(cause);
  const repair =
    source.kind === 'cluster'
      ? `Check TEMPORAL_ADDRESS (or the profile) and that the cluster runs, or unset it to use the local host.`
      : `Stop the local host with \`dpa down\` and try again.`;
  return new CommandError(
    `Expected a Temporal service at ${address}, found: ${found}. ${repair}`,
    exitCode.unreachable,
    { cause },
  );
}

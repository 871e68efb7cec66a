/** The Temporal service as a command needs it: a client on the local host or the configured cluster. */
import { Client } from '@temporalio/client';
import type { Config } from '../config.ts';
import { openConnection } from '../temporal/connection.ts';
import type { Terminal } from '../ui/terminal.ts';

export type Service = {
  readonly client: Client;
  readonly namespace: string;
  /** Base address of the Temporal UI, where it is known. */
  readonly uiUrl?: string;
  readonly searchAttributes: boolean;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function openService(config: Config, terminal: Terminal): Promise<Service> {
  const opened = await openConnection(config, (text) => terminal.progress(text));
  const { namespace } = config.temporal;
  return {
    client: new Client({ connection: opened.connection, namespace }),
    namespace,
    searchAttributes: config.temporal.kind === 'local',
    ...(opened.uiUrl === undefined ? {} : { uiUrl: opened.uiUrl }),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

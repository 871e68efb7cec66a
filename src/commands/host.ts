/** `dpa up`, `down` and `status`: the local host, kept running or stopped by hand. */
import type { Config } from '../config.ts';
import { CommandError, exitCode } from '../command-error.ts';
import { attachToHost, hostStatus, stopHost } from '../temporal/attach.ts';
import type { Terminal } from '../ui/terminal.ts';

export async function up(config: Config, terminal: Terminal): Promise<number> {
  refuseCluster(config);
  await using host = await attachToHost(config, (text) => terminal.progress(text), { kind: 'keep' });
  terminal.answer(`The local host runs (pid ${host.pid}) and stays until \`dpa down\`.\nTemporal UI: ${host.uiUrl}`);
  return 0;
}

export async function down(config: Config, terminal: Terminal): Promise<number> {
  refuseCluster(config);
  const stopped = await stopHost(config);
  terminal.answer(
    stopped ? 'The local host is stopped; what was running goes on with the next host.' : 'No local host is running.',
  );
  return 0;
}

export async function status(config: Config, terminal: Terminal): Promise<number> {
  if (config.temporal.kind === 'cluster') {
    terminal.answer(
      `Temporal cluster at ${config.temporal.address}, namespace ${config.temporal.namespace}; no local host is used.`,
    );
    return 0;
  }
  const host = await hostStatus(config);
  if (host === undefined) {
    terminal.answer('No local host is running. It starts by itself with the next analysis; `dpa up` keeps one.');
    return 0;
  }
  const stays = host.kept ? 'kept by `dpa up`' : 'stops when its last client has left and no analysis runs';
  terminal.answer(
    [
      `Local host: ${host.state}, pid ${host.pid}, ${stays}`,
      `Temporal:   ${host.address ?? 'not ready'}`,
      `UI:         ${host.uiUrl ?? 'not ready'}`,
      `Analyses:   ${host.running ?? 'unknown'} running, ${host.clients} clients attached`,
    ].join('\n'),
  );
  return 0;
}

function refuseCluster(config: Config): void {
  if (config.temporal.kind === 'local') return;
  throw new CommandError(
    `A Temporal cluster is configured (${config.temporal.address}), so there is no local host. Unset TEMPORAL_ADDRESS or the profile to use one.`,
    exitCode.usage,
  );
}

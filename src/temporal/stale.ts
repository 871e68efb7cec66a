/** Cleans up what a host that was killed may have left: a Temporal program on our file, and the endpoint file. */
import { commandLineOf, isRunning, sendSignal, waitUntilGone } from '../processes/running.ts';
import { hostFiles, readEndpoint, removeEndpoint } from './host-endpoint.ts';

const goneLimitMs = 5_000;

/** Only the holder of the host's lock may call this: then whoever wrote `host.json` is dead. */
export async function cleanUpAfterCrash(home: string): Promise<void> {
  const { temporalPid } = readEndpoint(home) ?? {};
  // A pid may have been given to another program since: only one that serves our very file is ours.
  if (temporalPid && isRunning(temporalPid) && servesOurFile(temporalPid, home)) {
    sendSignal(temporalPid, 'SIGKILL');
    if (!(await waitUntilGone(temporalPid, goneLimitMs))) {
      throw new Error(
        `Expected the Temporal program left by a killed host (process ${temporalPid}) to end within ${goneLimitMs} ms ` +
          `of SIGKILL; it is still there. End it and try again.`,
      );
    }
  }
  removeEndpoint(home);
}

function servesOurFile(pid: number, home: string): boolean {
  const line = commandLineOf(pid) ?? '';
  return line.includes('server start-dev') && line.includes(`--db-filename ${hostFiles(home).temporalDb} `);
}

/** Attaches to the local host of DPA_HOME, says the host's pid, and stays until it is killed. */
import { loadConfig } from '../../../src/config.ts';
import { attachToHost } from '../../../src/temporal/attach.ts';

const hostProgram = process.argv[2] ?? '';
const host = await attachToHost(loadConfig(), () => undefined, { hostProgram });
process.stdout.write(`${host.pid}\n`);
process.stdin.resume();

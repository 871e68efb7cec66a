/** Stands for a worker that is killed in the middle of a call: starts one hanging call and says when it is under way. */
import { openConnections } from '../../../src/tools/connections.ts';
import { toolServer } from '../tool-servers.ts';

const server = toolServer('misbehaving', [String(process.argv[2])], { env: { TEST_PIDS: String(process.argv[3]) } });
const connections = openConnections([server], { limits: { startMs: 20_000 } });
await connections.catalog([]);
process.stdout.write('calling\n');
await connections.call({
  tool: 'misbehaving__work',
  arguments: {},
  dataPaths: [],
  idempotencyKey: 'k',
  signal: new AbortController().signal,
});

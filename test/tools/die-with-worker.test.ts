import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { watchProcesses } from '../support/tool-servers.ts';

const holder = path.join(import.meta.dirname, '../support/mcp-servers/holder.ts');

test.each(['hangsInCall', 'freezesInCall'])('%s: the server dies with a worker that is killed', async (behaviour) => {
  const watch = watchProcesses();
  const worker = spawn(process.execPath, [holder, behaviour, watch.folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(worker.stdout, 'data');
  expect(watch.pids()).toHaveLength(1);
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  expect(await watch.survivors()).toEqual([]);
  watch.remove();
});

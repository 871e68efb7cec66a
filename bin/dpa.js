#!/usr/bin/env node
/** Starts the command line under the project's own Node 24, whatever Node is installed. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const flags = ['--disable-warning=ExperimentalWarning'];
const built = fileURLToPath(new URL('../dist/client.js', import.meta.url));
const program = existsSync(built) ? built : fileURLToPath(new URL('../src/client.ts', import.meta.url));

// Node keeps its compiled code there: from the second command on, loading takes half the time.
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'data-processing-assistant', 'compiled');

const child = spawn(node24(), [...flags, program, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { NODE_COMPILE_CACHE: cache, ...process.env },
});
// A terminal sends its signals to the child too; this process only waits for what the child makes of them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal === 'SIGTERM') child.kill(signal);
  });
}
child.on('exit', (code, signal) => (signal === null ? process.exit(code ?? 70) : process.kill(process.pid, signal)));
child.on('error', (error) => {
  process.stderr.write(
    `Expected to start Node 24 at ${node24()}, found: ${error.message}. Run \`npm install\` in the project.\n`,
  );
  process.exit(69);
});

function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  try {
    return fileURLToPath(new URL('bin/node', `file://${createRequire(import.meta.url).resolve('node/package.json')}`));
  } catch {
    return process.execPath;
  }
}

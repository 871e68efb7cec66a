/** Installs what is missing before anything else runs: the packages, and Node 24 among them. Runs on Node ≥ 20. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node24 = `${root}node_modules/node/bin/node`;

if (!packagesAreCurrent())
  run('npm', ['install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error'], 'installing packages');
if (!existsSync(node24)) run('npm', ['rebuild', 'node'], 'installing Node 24');
if (!existsSync(node24)) {
  stop(
    'Expected Node 24 at node_modules/node/bin/node after `npm install`. Allow the install script of the package `node` and run `npm install` again.',
  );
}

// The Temporal program, so that no test and no analysis has to wait for it: at once when it is there.
run(
  node24,
  ['--disable-warning=ExperimentalWarning', `${root}scripts/acquire-temporal.ts`],
  'looking for the Temporal program',
  true,
);

function packagesAreCurrent() {
  const installed = `${root}node_modules/.package-lock.json`;
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs;
}

function run(command, args, label, quiet = false) {
  if (!quiet) process.stderr.write(`${label}: ${command} ${args.join(' ')}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0)
    stop(`${label} failed: \`${command} ${args.join(' ')}\` ended with ${status}. Its message is above.`);
}

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(69);
}

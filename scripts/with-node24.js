/** Runs a program of node_modules/.bin under the project's own Node 24, whatever Node started this script. */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [program, ...args] = process.argv.slice(2);
const node = `${root}node_modules/node/bin/node`;
const flags =
  program === 'jest'
    ? ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
    : ['--disable-warning=ExperimentalWarning'];
const script = program.endsWith('.ts') ? program : realpathSync(`${root}node_modules/.bin/${program}`);
const { status, signal } = spawnSync(node, [...flags, script, ...args], { stdio: 'inherit', cwd: root });
process.exit(signal ? 1 : (status ?? 1));

/** Compiles the sources into dist for the package: Node refuses to strip types below node_modules. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const inRoot = (path) => fileURLToPath(new URL(path, root));

rmSync(inRoot('dist'), { recursive: true, force: true });
execFileSync(process.execPath, [inRoot('scripts/with-node24.js'), 'tsc', '-p', inRoot('tsconfig.build.json')], {
  cwd: inRoot('.'),
  stdio: 'inherit',
});
// Paths in it count from its own folder.
const servers = readFileSync(inRoot('mcp_servers_config.json'), 'utf8');
writeFileSync(inRoot('dist/mcp_servers_config.json'), servers.replaceAll(/"src\/([^"]+)\.ts"/g, '"$1.js"'));

/** The workflow code as one bundle, built once per version of the sources and then read from the cache: bundling costs a second. */
import { createHash } from 'node:crypto';
import { readFile, readdir, mkdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders whose code runs inside the workflow sandbox. */
const bundledFolders = ['workflows', 'analysis', 'agents', 'policy', 'quality'];

/** Path of a bundle of the present sources; `onBuild` is called when it must be made first. */
export async function workflowBundle(
  cacheFolder: string,
  onBuild: () => void = () => {},
): Promise<{ codePath: string }> {
  const sources = fileURLToPath(new URL('..', import.meta.url));
  const folder = join(cacheFolder, 'bundles');
  const codePath = join(folder, `${await hashOf(sources)}.js`);
  if (await isThere(codePath)) return { codePath };
  onBuild();
  // Loaded only when needed: the bundler brings webpack along.
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({ workflowsPath: workflowsPath(sources), logger: silent });
  await mkdir(folder, { recursive: true });
  const temporary = `${codePath}.${process.pid}.tmp`;
  await writeFile(temporary, code);
  await rename(temporary, codePath);
  return { codePath };
}

function workflowsPath(sources: string): string {
  return join(sources, 'workflows', import.meta.url.endsWith('.ts') ? 'index.ts' : 'index.js');
}

async function hashOf(sources: string): Promise<string> {
  const hash = createHash('sha256');
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
  hash.update(version);
  for (const folder of bundledFolders) {
    for (const name of (await filesBelow(join(sources, folder))).sort()) {
      hash.update(`${folder}/${name}\n`).update(await readFile(join(sources, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 32);
}

/** Paths from the folder; none where there is no folder. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

async function isThere(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}

const nothing = () => {};
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

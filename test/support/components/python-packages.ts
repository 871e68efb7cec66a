/** Installs Python packages once, into a virtual environment in the user's cache, and says where its programs are. */
import { execFile } from 'node:child_process';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Some packages are compiled while they are installed. */
const installLimitMs = 840_000;

/** Output of pip that is kept for the message of a failure. */
const maxOutputBytes = 16 * 1024 * 1024;

export type PythonPrograms = {
  /** Path of a program in the environment, `python` among them. */
  program(name: string): string;
};

/** `packages` as pip takes them, each with its version: another version is another environment. */
export async function installPython(name: string, packages: readonly string[]): Promise<PythonPrograms> {
  const key = packages.join('+').replaceAll(/[^\w.+-]+/g, '-');
  const folder = join(componentsFolder(), `${name}-${key}`.slice(0, 200));
  const marker = join(folder, 'installed');
  const program = (wanted: string) => join(folder, 'bin', wanted);
  if (await exists(marker)) return { program };
  await rm(folder, { recursive: true, force: true });
  await mkdir(componentsFolder(), { recursive: true });
  await run('python3', ['-m', 'venv', folder], { timeout: installLimitMs });
  const flags = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input'];
  await run(program('python'), [...flags, ...packages], { timeout: installLimitMs, maxBuffer: maxOutputBytes });
  await writeFile(marker, packages.join('\n'));
  return { program };
}

/** Of the user, for programs that tests run against. */
export function componentsFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? '';
  return join(cache === '' ? join(homedir(), '.cache') : cache, 'data-processing-assistant', 'components');
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Runs the command line as a real process and hands back what a user would see. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Ran = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
};

export type RanIn = {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly limitMs?: number;
  /** Called with each piece of stdout as it comes. */
  readonly onStdout?: (text: string) => void;
};

const program = fileURLToPath(new URL('../../src/client.ts', import.meta.url));

/** A command that takes longer hangs. */
const defaultLimitMs = 60_000;

export async function dpa(
  words: readonly string[],
  { cwd, env = {}, limitMs = defaultLimitMs, onStdout }: RanIn,
): Promise<Ran> {
  const startedAt = performance.now();
  const { file, args, environment } = commandLine(words);
  const child = spawn(file, args, {
    cwd,
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  if (onStdout !== undefined) child.stdout.on('data', onStdout);
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { code, ...texts, ms: performance.now() - startedAt };
}

/** How it is started, for those who start it themselves. */
export function commandLine(words: readonly string[]): {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
} {
  const args = ['--disable-warning=ExperimentalWarning', program, ...words];
  return { file: process.execPath, args, environment: ownEnvironment() };
}

/** Without the settings of the person who runs the tests. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(DPA_|TEMPORAL_|OPENAI_|ANTHROPIC_|OPENLINEAGE_|GITHUB_|GITLAB_|TF_BUILD$)/.test(name),
  );
  return Object.fromEntries(kept);
}

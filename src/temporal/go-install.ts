/** Builds the Temporal program from source with `go install`, for machines that cannot reach the official download. */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { dieWithParent } from '../processes/die-with-parent.ts';
import { findProgram } from '../processes/find-program.ts';
import type { AcquireOptions } from './acquire.ts';
import { temporalVersion, tryProgram } from './program-version.ts';

const goMinorNeeded = 25;
const goVersionLimitMs = 10_000;
const buildLimitMs = 30 * 60_000;
const progressEveryMs = 5_000;
const outputTailChars = 800;

/** Leaves an executable `temporal` in the folder. */
export async function buildTemporal(folder: string, options: AcquireOptions): Promise<void> {
  const go = findProgram('go', options.searchPath);
  if (!go) throw new Error(`no program \`go\` on PATH (1.${goMinorNeeded} or later is needed)`);
  await checkGoVersion(go);
  const done = reportProgress(options.onProgress);
  try {
    await goInstall(go, folder, options, done.sawLines);
  } finally {
    done.stop();
  }
  await tryProgram(`${folder}/temporal`);
}

async function checkGoVersion(go: string): Promise<void> {
  const { stdout } = await promisify(execFile)(go, ['version'], { timeout: goVersionLimitMs }).catch(
    (cause: unknown) => {
      throw new Error(`${go} does not run (${cause instanceof Error ? cause.message.trim() : String(cause)})`, {
        cause,
      });
    },
  );
  const minor = Number(/\bgo1\.(\d+)/.exec(stdout)?.[1]);
  if (!(minor >= goMinorNeeded)) {
    throw new Error(`expected Go 1.${goMinorNeeded} or later, found "${stdout.trim()}" at ${go}`);
  }
}

async function goInstall(
  go: string,
  folder: string,
  options: AcquireOptions,
  sawLines: (count: number) => void,
): Promise<void> {
  const module = `github.com/temporalio/cli/cmd/temporal@v${temporalVersion}`;
  // -v names each package as it is compiled, which is the only sign of life.
  const tied = dieWithParent(go, ['install', '-v', module], { searchPath: options.searchPath, stdinIsFree: true });
  const child = spawn(tied.command, tied.args, {
    // Without cgo no C compiler is needed.
    env: { ...options.environment, GOBIN: folder, CGO_ENABLED: '0' },
    cwd: folder,
    stdio: [tied.stdin ?? 'ignore', 'ignore', 'pipe'],
    signal: options.signal,
    timeout: buildLimitMs,
  });
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-outputTailChars);
    sawLines(text.split('\n').length - 1);
  });
  const how = await new Promise<string | undefined>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve(code === 0 ? undefined : signal ? `was ended by ${signal}` : `ended with ${code}`),
    );
  });
  if (how !== undefined) throw new Error(`\`go install ${module}\` ${how}: ${tail.trim()}`);
}

/** Says what is going on and for how long already: a build of minutes without a word looks like a hang. */
function reportProgress(onProgress: (text: string) => void) {
  const startedAt = performance.now();
  let lines = 0;
  const report = (): void => {
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const so = seconds === 0 ? '' : `: ${seconds} s, ${lines} packages done`;
    onProgress(`building the Temporal program with Go, once, 2 to 3 minutes on an idle machine${so}`);
  };
  report();
  const timer = setInterval(report, progressEveryMs);
  return { sawLines: (count: number) => void (lines += count), stop: () => clearInterval(timer) };
}

/** Temporal's test server, whose clock jumps to the next timer: fetched once into the user's cache, from where it can be had. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { componentsFolder } from './python-packages.ts';

const run = promisify(execFile);

/** 39 files of Java, 33 MB. */
const version = '1.32.0';

/** Where the SDK looks for its own build. */
const officialUrl = 'https://temporal.download/temporal-test-server/default';
const lookLimitMs = 5_000;
const mavenLimitMs = 600_000;

/** Lets the clock jump from timer to timer until `isEnough`; the SDK's own `sleep` may never come back while there are timers. */
export async function jumpUntil(
  environment: TestWorkflowEnvironment,
  isEnough: (nowMs: number) => boolean | Promise<boolean>,
): Promise<void> {
  const { testService } = environment.connection as TestConnection;
  await testService.unlockTimeSkipping({});
  try {
    while (!(await isEnough(await environment.currentTimeMs()))) await delay(lookEveryMs);
  } finally {
    await testService.lockTimeSkipping({});
  }
}

type TestConnection = {
  readonly testService: {
    unlockTimeSkipping(request: object): Promise<unknown>;
    lockTimeSkipping(request: object): Promise<unknown>;
  };
};

const lookEveryMs = 10;

/** `absent`: neither way is open on this machine, and why. */
export type TimeSkipping =
  | { readonly kind: 'open'; readonly environment: TestWorkflowEnvironment }
  | { readonly kind: 'absent'; readonly reason: string };

/** Must be torn down: `environment.teardown()`. */
export async function openTimeSkipping(): Promise<TimeSkipping> {
  const found = await findServer();
  if ('reason' in found) return { kind: 'absent', reason: found.reason };
  const server = found.path === undefined ? {} : { executable: { type: 'existing-path' as const, path: found.path } };
  return { kind: 'open', environment: await TestWorkflowEnvironment.createTimeSkipping({ server }) };
}

/** Without a path: the SDK fetches its own build. */
async function findServer(): Promise<{ readonly path?: string } | { readonly reason: string }> {
  const path = join(componentsFolder(), `temporal-test-server-${version}`, 'temporal-test-server');
  if (await stat(path).catch(() => undefined)) return { path };
  const official = await fetch(officialUrl, { method: 'HEAD', signal: AbortSignal.timeout(lookLimitMs) }).then(
    ({ ok, status }) => (ok ? undefined : `status ${status}`),
    (error: Error) => (error.cause instanceof Error ? error.cause.message : error.message),
  );
  if (official === undefined) return {};
  const missing = await Promise.all(['java', 'mvn'].map((program) => problemOf(program)));
  const reason = missing.filter((problem) => problem !== undefined).join(', ');
  if (reason !== '')
    return { reason: `the SDK's download cannot be had (${official}), and Maven's cannot either (${reason})` };
  await installFromMaven(path);
  return { path };
}

async function problemOf(program: string): Promise<string | undefined> {
  return run(program, ['-version']).then(
    () => undefined,
    () => `no ${program}`,
  );
}

/** Made beside its place and moved there whole: whoever is stopped in the middle leaves nothing that looks finished. */
async function installFromMaven(path: string): Promise<void> {
  const folder = join(path, '..');
  await mkdir(componentsFolder(), { recursive: true });
  const made = await mkdtemp(join(componentsFolder(), 'test-server-'));
  try {
    await writeFile(join(made, 'pom.xml'), project);
    const words = ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib', '-DincludeScope=runtime'];
    await run('mvn', words, { cwd: made, timeout: mavenLimitMs });
    const script = join(made, 'temporal-test-server');
    await writeFile(
      script,
      '#!/bin/sh\nexec java -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"\n',
    );
    await chmod(script, 0o755);
    await rm(folder, { recursive: true, force: true });
    await rename(made, folder);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { dpa } from '../../support/dpa.ts';
import { processesOf } from '../../support/processes-of.ts';

let folder: string;
let project: string;
let home: string;
let env: Record<string, string>;
const run = (...words: string[]) =>
  dpa(['quality', 'run', 'contracts', '--data', 'data', ...words], { cwd: project, env });
const git = (...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
    cwd: project,
    encoding: 'utf8',
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-ci-'));
  project = join(folder, 'project');
  home = join(folder, 'home');
  await mkdir(join(project, 'contracts'), { recursive: true });
  await mkdir(join(project, 'data'));
  for (const table of ['orders', 'people']) {
    await writeFile(join(project, `data/${table}.csv`), 'id\n1\n2\n');
    await writeFile(
      join(project, `contracts/${table}.odcs.yaml`),
      `apiVersion: v3.1.0\nkind: DataContract\nid: ${table}\nversion: 1.0.0\nstatus: active\nschema:\n  - name: ${table}\n    quality:\n      - { metric: rowCount, mustBe: 2 }\n`,
    );
  }
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-qm', 'first');
  git('checkout', '-qb', 'feature');
  const commit = git('rev-parse', 'HEAD').trim();
  env = {
    DPA_HOME: home,
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'someone/shop',
    GITHUB_SHA: commit,
    GITHUB_JOB: 'contracts',
  };
});

afterAll(async () => {
  await dpa(['down'], { cwd: project, env });
  await rm(folder, { recursive: true, force: true });
}, 60_000);

type Result = { id: string; runId: string; exitCode: number; checks: { model: string }[]; headline: string };
const resultOf = (stdout: string) => JSON.parse(stdout) as Result;

test('without a change there is nothing to check, no service is started, and the exit code is what was wished', async () => {
  await writeFile(join(project, 'notes.md'), 'no contract, no data\n');
  const { code, stdout } = await run('--changed-since', 'main');
  expect(stdout).toContain('Nothing to check');
  expect(stdout).toContain(git('rev-parse', '--short=10', 'main').trim());
  expect(code).toBe(0);
  expect((await run('--changed-since', 'main', '--skipped-exit-code', '99')).code).toBe(99);
  expect(await readdir(folder)).toEqual(['project']);
});

test('what changed is checked; the same commit and job take its result; nothing is left running', async () => {
  await writeFile(join(project, 'data/people.csv'), 'id\n1\n2\n3\n');
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, processesOf(home).length)), 50);
  const first = await run('--changed-since', 'main', '--ci', '--json');
  clearInterval(watch);
  // The client, the host and the Temporal service at least: what is looked for can be seen.
  expect(most).toBeGreaterThanOrEqual(3);
  const found = resultOf(first.stdout);
  expect(found.id).toBe(`ci-someone-shop-${env['GITHUB_SHA']}-contracts`);
  expect(found.checks.map(({ model }) => model)).toEqual(['people']);
  expect(first.code).toBe(1);
  const again = await run('--changed-since', 'main', '--ci', '--json', '-o', 'out');
  expect(resultOf(again.stdout).runId).toBe(found.runId);
  expect(again.code).toBe(1);
  expect((await readdir(join(project, 'out'))).toSorted()).toEqual([
    'junit.xml',
    'report.html',
    'report.md',
    'result.json',
  ]);
  // A part of the suite is no night of it.
  expect((await dpa(['quality', 'history', 'contracts'], { cwd: project, env })).code).toBe(64);
  const other = await run('--ci', '--data', 'data/orders.csv');
  expect(other.stderr).toContain('--ci NAME');
  expect(other.code).toBe(64);
  while (processesOf(home).length > 0) await delay(200);
}, 120_000);

test.each([
  [['--changed-since', 'nowhere'], 'fetch-depth: 0'],
  [['--changed-since', '--output=x'], 'shares a commit'],
  [['--skipped-exit-code', 'many'], '--skipped-exit-code'],
])('%j is refused', async (words, said) => {
  const { code, stderr } = await run(...words);
  expect(stderr).toContain(said);
  expect(code).toBe(64);
});

test('outside of a repository, and outside of CI, it says what is missing', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'dpa-no-repository-'));
  try {
    const words = ['quality', 'run', join(project, 'contracts'), '--data', join(project, 'data')];
    const noRepository = await dpa([...words, '--changed-since', 'main'], { cwd: outside, env });
    expect(noRepository.stderr).toContain('Expected a git repository');
    expect(noRepository.code).toBe(64);
    const noCi = await dpa([...words, '--ci'], { cwd: outside, env: { DPA_HOME: home } });
    expect(noCi.stderr).toContain('--id');
    expect(noCi.code).toBe(64);
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
});

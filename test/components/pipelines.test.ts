/** The GitHub action and the GitLab template: held to their schemas, and run as the two systems run them. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { actionFile, runAction, runTemplate, templateFile } from '../support/components/ci-steps.ts';
import { installPython } from '../support/components/python-packages.ts';
import { processesOf } from '../support/processes-of.ts';
import { temporalProgram } from '../support/temporal-service.ts';

const run = promisify(execFile);
const command = `node ${fileURLToPath(new URL('../../bin/dpa.js', import.meta.url))}`;
const commit = 'c0ffee'.padEnd(40, '0');

let folder: string;
let home: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-ci-files-'));
  home = join(folder, 'dpa home');
  await mkdir(join(folder, 'my contracts'));
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data/good.csv'), 'id\n1\n2\n');
  await writeFile(join(folder, 'data/bad.csv'), 'id\n1\n\n');
  await writeFile(
    join(folder, 'my contracts/orders.odcs.yaml'),
    'apiVersion: v3.1.0\nkind: DataContract\nid: orders\nversion: 1.0.0\nstatus: active\nschema:\n  - name: orders\n    properties:\n      - name: id\n        required: true\n',
  );
});

afterAll(async () => {
  while (processesOf(home).length > 0) await delay(200);
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['GitHub', [actionFile, '--builtin-schema', 'vendor.github-actions']],
  ['GitLab', [templateFile, '--builtin-schema', 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci']],
])("the file is as %s's schema wants it", async (_system, words) => {
  const python = await installPython('check-jsonschema', ['check-jsonschema==0.39.0']);
  const { stdout } = await run(python.program('check-jsonschema'), words);
  expect(stdout).toContain('validation done');
});

const github = (inputs: Record<string, string>, job: string) =>
  runAction(
    folder,
    { suite: 'my contracts', command, output: 'out put', ...inputs },
    {
      DPA_HOME: home,
      GITHUB_ACTIONS: 'true',
      CI: 'true',
      GITHUB_REPOSITORY: 'a/b',
      GITHUB_SHA: commit,
      GITHUB_JOB: job,
    },
  );

test('GitHub: what fails is annotated, summed up and kept; the second run of the commit takes the result', async () => {
  const first = await github({ data: 'orders=data/bad.csv\n' }, 'failing');
  expect(first.output).toMatch(/^::error file=.*my contracts\/orders\.odcs\.yaml,line=\d+/m);
  expect(first).toMatchObject({ code: 1, outputs: { 'exit-code': '1', verdict: 'failed' } });
  expect(first.summary).toContain('1 of 2 rows violate it');
  expect(await readFile(join(folder, 'out put/junit.xml'), 'utf8')).toContain('<failure');
  await rm(join(folder, 'out put'), { recursive: true });
  const second = await github({ data: 'orders=data/bad.csv\n' }, 'failing');
  expect(second.output).toContain(`ci-a-b-${commit}-failing is there already`);
  expect(second).toMatchObject({ code: 1, outputs: { 'exit-code': '1', verdict: 'failed' } });
});

test('GitHub: inputs are words, never a program; what cannot be run fails with its own code', async () => {
  const passed = await github({ data: 'orders=data/good.csv', arguments: '--all --quiet' }, 'passing');
  expect(passed).toMatchObject({ code: 0, outputs: { 'exit-code': '0', verdict: 'passed' } });
  const hostile = await github({ suite: '$(touch hacked)`touch hacked`"; touch hacked; "' }, 'hostile');
  expect(hostile).toMatchObject({ code: 64, outputs: { 'exit-code': '64', verdict: '' } });
  expect(await readdir(folder)).not.toContain('hacked');
});

test('GitLab: the code quality report and the tests are where the artifacts are taken from', async () => {
  const { code, output } = await runTemplate(
    folder,
    { DPA_QUALITY_SUITE: 'my contracts', DPA_QUALITY_DATA: 'orders=data/bad.csv', DPA_QUALITY_COMMAND: command },
    {
      // The job's own cache is empty.
      DPA_TEMPORAL_CLI: await temporalProgram(),
      DPA_HOME: home,
      GITLAB_CI: 'true',
      CI_PROJECT_DIR: folder,
      CI_PROJECT_PATH: 'a/b/c',
      CI_COMMIT_SHA: commit,
      CI_JOB_NAME: 'contracts: [x, 1]',
    },
  );
  expect(output).toContain(`run ci-a-b-c-${commit}-contracts-x-1-`);
  expect((await readdir(join(folder, 'dpa-quality'))).toSorted()).toEqual([
    'gl-code-quality-report.json',
    'junit.xml',
    'report.html',
    'report.md',
    'result.json',
  ]);
  expect(code).toBe(1);
});

/** Decisions from the command line, as other terminals, schedules and CI give them, on real processes and the built-in planner. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ask } from '../../src/analysis/decisions.ts';
import { loadConfig } from '../../src/config.ts';
import { hostStatus } from '../../src/temporal/attach.ts';
import { dpa } from '../support/dpa.ts';

let folder: string;

const rules = `access:
  - {tool: '*__query', access: ask, why: queries cost money here}
approvals: {within: 2d}
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-approvals-'));
  await writeFile(join(folder, 'dpa.yaml'), rules);
  await writeFile(join(folder, 'sales.csv'), 'region,amount\nnorth,10\nsouth,20\nnorth,5\n');
}, 60_000);

afterAll(async () => {
  await dpa(['down'], { cwd: folder });
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const run = (...words: string[]) => dpa(words, { cwd: folder });

async function start(id: string, ...flags: string[]): Promise<void> {
  const task = ['--task', 'Revenue by region', '--data', 'sales.csv'];
  expect(await run('run', ...task, '--id', id, '--detach', ...flags)).toMatchObject({ code: 0 });
}

/** Waits until as many things wait for a decision. */
async function waiting(id: string, count = 1): Promise<(Ask & { analysis: string })[]> {
  for (;;) {
    const { code, stdout, stderr } = await run('approvals', id, '--json');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const asks = JSON.parse(stdout) as (Ask & { analysis: string })[];
    if (asks.length >= count) return asks;
  }
}

test('a plan and the calls behind it wait, are shown, edited, denied and allowed, and the report says so', async () => {
  await start('one', '--plan');
  const [plan] = await waiting('one');
  expect(plan).toMatchObject({
    kind: 'plan',
    cost: expect.stringMatching(/sales \(3 rows, \d+ bytes\)\. The built-in planner uses no tokens\./),
  });
  expect((await run('sessions')).stdout).toMatch(/one\s+waiting/);
  expect((await run('show', 'one')).stdout).toMatch(
    /one: waiting,.*\n.*\n(?:.*\n)*step \d+ of 100 .*\nWaits for the plan plan-[0-9a-f]+: dpa approvals one/,
  );
  expect(await run('approve', 'one', 'plan')).toMatchObject({ code: 0, stdout: expect.stringMatching(/approved by/) });

  const asks = await waiting('one', 2);
  expect(asks.every(({ kind }) => kind === 'call')).toBe(true);
  const [first, second] = asks.map(({ id }) => id) as [string, string];
  const shown = await run('approvals');
  expect(shown.stdout).toMatch(/data_lake__query, because queries cost money here/);
  expect(shown.stdout).toMatch(/it names "sales"/);
  expect(shown.stdout).toContain(`dpa approve one ${first}`);

  await writeFile(join(folder, 'worse.yaml'), 'sql: 5\n');
  const refused = await run('approve', 'one', first, '--edit', 'worse.yaml');
  expect(refused).toMatchObject({ code: 64, stderr: expect.stringMatching(/sql.*string/) });
  expect(await run('deny', 'one', second, '--why', 'too dear')).toMatchObject({ code: 0 });
  const twice = await run('approve', 'one', second);
  expect(twice).toMatchObject({ code: 64, stderr: expect.stringMatching(/found \w+, denied by .*: too dear/) });
  await writeFile(join(folder, 'better.yaml'), 'sql: SELECT 35 AS value, 3 AS rows, 3 AS filled FROM sales LIMIT 1\n');
  expect(await run('approve', 'one', first, '--edit', 'better.yaml')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/approved with changes/),
  });
  expect(await run('stop', 'one')).toMatchObject({ code: 0 });
  const end = await run('watch', 'one', '--json');
  expect(JSON.parse(end.stdout)).toMatchObject({ status: 'stopped' });
  expect(end.stdout).toMatch(/was not run: denied by [^:]*: too dear/);
}, 120_000);

test('what waits is there after kill -9 of the worker and the service, with its deadline, and is decided then', async () => {
  await start('killed', '--plan');
  const before = await waiting('killed');
  const host = await hostStatus(loadConfig({ PATH: '/bin' }, folder));
  process.kill(host!.pid, 'SIGKILL');
  expect(await waiting('killed')).toEqual(before);
  expect(await run('deny', 'killed', before[0]!.id, '--why', 'not today')).toMatchObject({ code: 0 });
  const end = await run('watch', 'killed', '--json');
  expect(JSON.parse(end.stdout)).toMatchObject({ status: 'completed', exitCode: 6 });
  expect(end.stdout).toContain('not today');
}, 120_000);

test('always allow, by pattern, decides what waits and what follows', async () => {
  await start('two');
  const [ask] = await waiting('two');
  expect(await run('approve', 'two', ask!.id, '--always', 'data_lake__*')).toMatchObject({ code: 0 });
  expect(await run('watch', 'two', '--json')).toMatchObject({ code: 0 });
}, 120_000);

test('unattended: nobody is asked, the report says what was not allowed, exit code 6', async () => {
  const ran = await run('run', '--task', 'Revenue by region', '--data', 'sales.csv', '--unattended', '--json');
  expect(ran).toMatchObject({ code: 6, stderr: expect.stringMatching(/exit code 6/) });
  expect(ran.stdout).toMatch(/runs unattended/);
}, 60_000);

test('an editor that is missing, or that fails, is told and decides nothing', async () => {
  await start('three', '--plan');
  await waiting('three');
  const none = await dpa(['approve', 'three', 'plan', '--edit'], { cwd: folder, env: { EDITOR: '', VISUAL: '' } });
  expect(none).toMatchObject({ code: 64, stderr: expect.stringMatching(/Expected an editor in \$EDITOR, found none/) });
  const failing = await dpa(['approve', 'three', 'plan', '--edit'], {
    cwd: folder,
    env: { EDITOR: 'false', VISUAL: '' },
  });
  expect(failing).toMatchObject({ code: 64, stderr: expect.stringMatching(/ended with code 1.*Nothing was decided/) });
  const missing = await dpa(['approve', 'three', 'plan', '--edit'], {
    cwd: folder,
    env: { EDITOR: '/nowhere/editor', VISUAL: '' },
  });
  expect(missing).toMatchObject({ code: 64, stderr: expect.stringMatching(/ended with code 127/) });
  const editor = `sed -i 's/Compute by group/Compute by region/'`;
  const edited = await dpa(['approve', 'three', 'plan', '--edit'], {
    cwd: folder,
    env: { EDITOR: editor, VISUAL: '' },
  });
  expect(edited).toMatchObject({ code: 0, stdout: expect.stringMatching(/approved with changes/) });
  expect((await run('show', 'three', '--json')).stdout).toContain('Compute by region');
  await run('stop', 'three');
}, 120_000);

test.each([
  ['an unknown analysis', ['approve', 'nobody', 'x'], /found no analysis "nobody"/],
  ['an unknown call', ['approve', 'two', 'x'], /two, which has ended/],
  ['an answer without words', ['answer', 'two', 'x', ' '], /Expected words that answer x, found none/],
  ['a file that is not there', ['approve', 'two', 'x', '--edit', 'gone.yaml'], /--edit: expected a file/],
  ['a plan that nobody can accept', ['run', '--task', 'x', '--plan', '--unattended'], /found --plan with --unattended/],
])('%s is refused in one sentence', async (_, words, message) => {
  expect(await run(...words)).toMatchObject({ code: 64, stderr: expect.stringMatching(message) });
});

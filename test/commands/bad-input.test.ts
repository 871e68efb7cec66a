/** Bad input of every kind: one sentence on stderr, the right exit code, no stack trace, nothing left hanging. */
import { chmod, mkdir, mkdtemp, open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dpa, type Ran } from '../support/dpa.ts';

let folder: string;

const stack = /\n\s+at .*:\d+:\d+/;

/** Told in words, with the code of its kind, and never as a stack trace. */
function expectSentence(ran: Ran, code: number, words: RegExp): void {
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code, stderr: expect.stringMatching(words) as unknown });
  expect(ran.stderr + ran.stdout).not.toMatch(stack);
}

const run = (words: readonly string[], env: Record<string, string> = {}) => dpa(words, { cwd: folder, env });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-bad-'));
  await mkdir(join(folder, 'no-data'));
  await writeFile(join(folder, 'no-data', 'readme.txt'), 'nothing here');
  await writeFile(join(folder, 'good.csv'), 'a,b\n1,2\n3,4\n');
  await writeFile(join(folder, 'empty.csv'), '');
  await writeFile(join(folder, 'broken.csv'), 'a,b\n1,2,3,4\n"x\n');
  await writeFile(join(folder, 'broken.json'), '[{"a": 1},\n');
  await writeFile(join(folder, 'broken.parquet'), 'PAR1 this is no parquet file PAR1');
  expect((await run(['up'])).code).toBe(0);
}, 120_000);

afterAll(async () => {
  await run(['down']);
  await rm(folder, { recursive: true, force: true });
}, 60_000);

describe('the command line', () => {
  test.each([
    ['an unknown flag, with the nearest one', ['--tsk', 'x'], /--tsk[\s\S]*--task/],
    ['an unknown command, with the nearest one', ['sesions'], /sesions.*sessions/],
    ['no task', [], /--task/],
    ['an empty task', ['--task', '   '], /task/],
    ['a task of control characters', ['--task', '\u0007\u202E'], /task/],
    ['a task that is too long', ['--task', 'x'.repeat(20_000)], /at most/],
    ['no steps', ['--task', 'x', '--max-steps', '0'], /--max-steps/],
    ['steps that are no number', ['--task', 'x', '--max-steps', 'many'], /--max-steps/],
    ['money that is none', ['--task', 'x', '--budget-usd', 'NaN'], /--budget-usd/],
    ['a time without its unit', ['--task', 'x', '--timeout', '2'], /--timeout/],
    ['an id with a path in it', ['--task', 'x', '--id', '../x'], /id/],
    ['an unknown id in --resume', ['--resume', 'nobody'], /nobody/],
    ['an unknown id in show', ['show', 'nobody'], /nobody/],
    ['an unknown id in watch', ['watch', 'nobody'], /nobody/],
    ['a follow-up of nobody', ['--resume', 'nobody', '--task', 'y'], /nobody/],
    ['a follow-up where nothing has ended', ['--resume', '--task', 'y'], /found none/],
    ['no such file', ['--task', 'x', '--data', 'nosuch.csv'], /nosuch\.csv/],
    ['an empty file', ['--task', 'x', '--data', 'empty.csv'], /empty/],
    ['a folder without data', ['--task', 'x', '--data', 'no-data'], /no-data/],
    ['a pattern that matches nothing', ['--task', 'x', '--data', '*.parquetx'], /match/],
    ['a file of another kind', ['--task', 'x', '--data', 'no-data/readme.txt'], /readme\.txt/],
  ])('%s', async (_name, words, expected) => {
    expectSentence(await run(words), 64, expected);
  });
});

describe('data that cannot be read is never a success', () => {
  test.each([
    ['broken.csv', /CSV/],
    ['broken.json', /JSON/],
    ['broken.parquet', /Parquet/],
  ])('%s', async (file, words) => {
    const ran = await run(['--task', 'Profile this data', '--data', file, '--quiet']);
    expect(ran.code).toBe(3);
    expect(ran.stdout).toMatch(words);
    expect(ran.stderr).toMatch(/could not be evaluated/i);
    expect(ran.stderr + ran.stdout).not.toMatch(stack);
  });

  test('a line of 1 GB', async () => {
    const path = join(folder, 'line.csv');
    // A sparse file: one gigabyte of NUL without a line end, that takes no disk.
    await using file = await open(path, 'w');
    await file.truncate(1024 ** 3);
    const ran = await run(['--task', 'Profile this data', '--data', 'line.csv', '--quiet']);
    expect(ran.code).toBe(3);
    expect(ran.stdout).toMatch(/line/);
    await rm(path);
  });

  test('one broken file beside a good one does not hide the good one', async () => {
    const ran = await run(['--task', 'Profile this data', '--data', 'good.csv', '--data', 'broken.json', '--quiet']);
    expect(ran.code).toBe(3);
    expect(ran.stdout).toMatch(/`good`/);
    expect(ran.stdout).toMatch(/`broken`/);
  });
});

describe('the tool configuration', () => {
  const inOwnHome = async (config: string, name: string): Promise<Ran> => {
    const home = join(folder, name);
    await mkdir(home);
    await writeFile(join(home, 'mcp_servers_config.json'), config);
    return dpa(['--task', 'Profile this data', '--data', '../good.csv', '--quiet'], { cwd: home });
  };
  const server = (command: string, ...args: string[]) =>
    JSON.stringify({ mcpServers: { data_lake: { command, args } } });

  test.each([
    ['broken JSON', '{"mcpServers": {', /mcp_servers_config\.json:1/],
    ['an unknown key', '{"mcpServers": {"x": {"comand": "node"}}}', /comand.*command/],
    ['a missing variable', '{"mcpServers": {"x": {"command": "${NO_SUCH_VARIABLE}"}}}', /NO_SUCH_VARIABLE/],
    ['a command that is not there', server('no-such-program'), /no-such-program/],
    ['a server that crashes at start', server('false'), /ended with exit code 1/],
    ['a server that prints garbage', server('sh', '-c', 'while :; do echo garbage; done'), /JSON-RPC/],
    ['a server that never answers', server('sleep', '60'), /did not answer/],
  ])(
    '%s',
    async (name, config, words) => {
      expectSentence(await inOwnHome(config, `home-${name.replaceAll(' ', '-')}`), 64, words);
    },
    60_000,
  );
});

describe('the surroundings', () => {
  test('a store that cannot be written', async () => {
    // A file where a folder is expected stops root too, which permissions do not.
    const ran = await run(['--task', 'x', '--data', 'good.csv'], { DPA_STORE: join(folder, 'good.csv', 'store') });
    expectSentence(ran, 64, /DPA_STORE/);
  });

  test('a home that cannot be written', async () => {
    const ran = await run(['--task', 'x', '--data', 'good.csv'], { DPA_HOME: join(folder, 'good.csv', 'home') });
    expectSentence(ran, 64, /DPA_HOME/);
  });

  test('a full store', async () => {
    // Every write to it fails with "no space left on device".
    const ran = await run(['--task', 'x', '--data', 'good.csv'], { DPA_STORE: '/dev/full/store' });
    expect(ran.code).toBe(64);
    expect(ran.stderr + ran.stdout).not.toMatch(stack);
  });

  test('a Temporal service that is not there', async () => {
    const ran = await run(['--task', 'x', '--data', 'good.csv'], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expectSentence(ran, 69, /127\.0\.0\.1:1.*TEMPORAL_ADDRESS/);
  });

  test('a damaged session file is named and made anew from the store', async () => {
    await run(['--task', 'Profile this data', '--data', 'good.csv', '--id', 'damaged', '--quiet']);
    const path = join(folder, '.data_processing_assistant', 'sessions', 'damaged.json');
    const before = JSON.parse(await readFile(path, 'utf8')) as { processing_history: string[] };
    await writeFile(path, (await readFile(path, 'utf8')).replace('Profile', 'Delete'));
    const ran = await run(['show', 'damaged']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/damaged\.json is damaged/);
    const after = JSON.parse(await readFile(path, 'utf8')) as {
      processing_history: string[];
      metadata: { task: string };
    };
    expect(after.metadata.task).toBe('Profile this data');
    expect(after.processing_history.at(-1)).toBe(before.processing_history.at(-1));
  });

  test('the same id attaches and starts nothing', async () => {
    await run(['--task', 'Profile this data', '--data', 'good.csv', '--id', 'twice', '--quiet']);
    const again = await run([
      '--task',
      'Profile this data',
      '--data',
      'good.csv',
      '--id',
      'twice',
      '--quiet',
      '--json',
    ]);
    expect(again.stderr).toMatch(/attached/);
    expect(JSON.parse(again.stdout)).toMatchObject({ schema: 'dpa.analysis/1', id: 'twice', status: 'completed' });
    const reports = await readdir(join(folder, 'reports'));
    expect(reports.filter((name) => name === 'twice')).toHaveLength(1);
  });

  test('the step limit delivers what was found and ends with 7', async () => {
    const ran = await run([
      '--task',
      'Profile this data',
      '--data',
      'good.csv',
      '--max-steps',
      '2',
      '--json',
      '--quiet',
    ]);
    expect(ran.code).toBe(7);
    expect(JSON.parse(ran.stdout)).toMatchObject({ exitCode: 7, status: 'completed' });
  });

  test('a file without read permission', async () => {
    const path = join(folder, 'secret.csv');
    await writeFile(path, 'a\n1\n');
    await chmod(path, 0o000);
    const ran = await run(['--task', 'Profile this data', '--data', 'secret.csv', '--quiet']);
    // Root may read everything; for anybody else it is a usage error that names the file.
    const isRoot = process.getuid?.() === 0;
    expect({ code: ran.code, named: /secret\.csv/.test(ran.stderr) }).toEqual({
      code: isRoot ? 0 : 64,
      named: !isRoot,
    });
  });
});

/** What a person at a terminal sees and types: plan, text and cost as they come, the question after Ctrl+C, and the same words from another terminal. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { dpa } from '../support/dpa.ts';
import { fakeKey, openFakeOpenAi, type FakeOpenAi } from '../support/fake-openai.ts';
import { keys, noPty, openPty, type Pty } from '../support/pty.ts';

let folder: string;
let server: FakeOpenAi;
let env: Record<string, string>;

const limitMs = 120_000;

/** Far longer than a test: it ends by being interrupted. */
const endless = { text: Array.from({ length: 4_000 }, (_, word) => `word${word} `), gapMs: 50 };

const planned = {
  text: 'Looking first.',
  calls: [
    {
      id: 'p1',
      name: 'set_plan',
      arguments: {
        steps: [
          { title: 'Look at the sales', state: 'done' },
          { title: 'Add them up', state: 'doing' },
        ],
      },
    },
  ],
  usage: { input: 1_000, cached: 0, cacheWrite: 0, output: 100, reasoning: 0 },
};

const task = ['--task', 'Describe the sales', '--data', 'sales.csv', '--model', 'openai/gpt-6.1-sol'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-terminal-'));
  server = await openFakeOpenAi();
  await writeFile(join(folder, 'sales.csv'), 'day,amount\n2026-01-01,3\n2026-01-02,4\n');
  await writeFile(join(folder, 'dpa.yaml'), 'models: {prices: {openai/gpt-6.1-sol: {input: 3, output: 15}}}\n');
  env = { OPENAI_API_KEY: fakeKey, OPENAI_BASE_URL: server.baseUrl, CI: '' };
  expect((await dpa(['up'], { cwd: folder, env })).code).toBe(0);
}, limitMs);

afterAll(async () => {
  await dpa(['down'], { cwd: folder, env });
  await server.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const run = (...words: string[]) => dpa(words, { cwd: folder, env, limitMs });
const open = (id: string, more: Record<string, string> = {}): Pty =>
  openPty(['run', ...task, '--id', id], { cwd: folder, env: { ...env, ...more } });

async function status(id: string): Promise<{ status: string; paused?: { by?: string } }> {
  const { stdout, stderr } = await run('show', id, '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as { status: string };
}

async function until(id: string, word: string): Promise<void> {
  while ((await status(id)).status !== word);
}

/** Colours and other dress: SGR sequences. */
const dress = new RegExp(String.raw`\u001b\[[\d;]*m`);

test(
  'plan, text and cost are there while it works; Ctrl+C asks, and words that redirect reach the model',
  async () => {
    if (noPty !== undefined) return console.warn(noPty);
    server.push(planned, endless, { text: ['Only ', 'December.'] });
    const pty = open('redirected', { NO_COLOR: '1' });
    await pty.until(/☐ Plan: Look at the sales · Add them up/);
    await pty.until(
      /word3 [^]*☑ 1\. Look at the sales\s+▶ 2\. Add them up\s+\d+:\d\d · step 1 of 100 · 0 tool calls · \$0\.\d{4} · 1,100 tokens/,
    );
    pty.type(keys.ctrlC);
    await pty.until(/Paused\. How shall it go on\?/);
    expect(await status('redirected')).toMatchObject({ status: 'paused' });
    pty.type(keys.down + keys.enter);
    await pty.until(/Where to\?/);
    pty.type(`only december${keys.enter}`);
    await pty.until(/Redirected by \S+: only december/);
    await pty.until(/Only December\.[^]*Report: /);
    expect(await pty.ended).toBe(0);
    expect(JSON.stringify(server.ledger.at(-1))).toContain('only december');
    server.assertUsedUp();
    expect(pty.raw()).not.toMatch(dress);
    // What is typed is drawn over itself; addresses are never broken.
    const tooLong = pty
      .text()
      .split(/[\r\n]+/)
      .filter((line) => line.length > 80 && !/^│|\//.test(line));
    expect(tooLong).toEqual([]);
  },
  limitMs,
);

test(
  'Ctrl+C twice leaves, and the analysis goes on; continue goes on with it, in colour',
  async () => {
    if (noPty !== undefined) return console.warn(noPty);
    server.push(endless, endless, { text: 'Done.' });
    const pty = open('left');
    await pty.until(/word3 /);
    pty.type(keys.ctrlC);
    await pty.until(/Ctrl\+C again: detach/);
    pty.type(keys.ctrlC);
    await pty.until(/Detached; the analysis goes on/);
    expect(await pty.ended).toBe(130);
    await until('left', 'running');
    const again = openPty(['watch', 'left'], { cwd: folder, env });
    await again.until(/word\d+ /);
    again.type(keys.ctrlC);
    await again.until(/Paused\. How shall it go on\?/);
    again.type(keys.enter);
    await again.until(/Done\.[^]*Report: /);
    expect(await again.ended).toBe(0);
    expect(again.raw()).toMatch(dress);
    server.assertUsedUp();
  },
  limitMs,
);

test(
  'pause, resume, redirect and stop as processes; no escape sequence reaches a pipe',
  async () => {
    server.push(endless, endless, endless);
    const asked = server.ledger.length;
    const running = run('run', ...task, '--id', 'piped');
    while (server.ledger.length === asked) await delay(20);
    expect(await run('pause', 'piped')).toMatchObject({ code: 0, stdout: expect.stringContaining('dpa resume piped') });
    await until('piped', 'paused');
    expect((await status('piped')).paused).toMatchObject({ by: expect.any(String) });
    expect((await run('show', 'piped')).stdout).toMatch(
      /piped: paused,[^]*Paused by \S+ since .* UTC: dpa resume piped/,
    );
    expect((await run('resume', 'piped')).code).toBe(0);
    await until('piped', 'running');
    expect(await run('approve', 'piped', 'nothing')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('Nothing waits for a decision'),
    });
    expect(await run('redirect', 'piped', ' ')).toMatchObject({ code: 64 });
    expect((await run('redirect', 'piped', 'only december')).code).toBe(0);
    expect((await run('stop', 'piped', '--why', 'enough')).code).toBe(0);
    const { code, stdout, stderr } = await running;
    expect(code).toBe(5);
    expect(stderr).toMatch(/Paused by [^]*Resumed by [^]*Redirected by \S+: only december[^]*Stopped by \S+: enough/);
    expect(stdout + stderr).not.toContain('\u001b');
    expect(await run('pause', 'piped')).toMatchObject({ code: 64, stderr: expect.stringContaining('has ended') });
  },
  limitMs,
);

/** Which model is asked for which words on the command line, what it cost, and where limits and the project's policy end it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dpa, type Ran } from '../support/dpa.ts';
import { openFakeAnthropic } from '../support/fake-anthropic.ts';
import type { FakeModelServer, FakeTurn } from '../support/fake-model-server.ts';
import { fakeKey, openFakeOpenAi, type FakeOpenAi } from '../support/fake-openai.ts';

let folder: string;
let openAi: FakeOpenAi;
let ollama: FakeOpenAi;
let anthropic: FakeModelServer;
let env: Record<string, string>;

const firstStartMs = 120_000;

/** Nothing of the machine that runs the tests is asked. */
const nowhere = { OLLAMA_HOST: '127.0.0.1:1', DPA_LOCAL_BASE_URL: 'http://127.0.0.1:1/v1' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-asked-'));
  openAi = await openFakeOpenAi();
  ollama = await openFakeOpenAi(undefined, { key: 'none', models: ['local-model'] });
  anthropic = await openFakeAnthropic();
  await writeFile(join(folder, 'sales.csv'), 'day,amount\n2026-01-01,3\n2026-01-02,4\n');
  env = {
    OPENAI_API_KEY: fakeKey,
    OPENAI_BASE_URL: openAi.baseUrl,
    DPA_LOCAL_API_KEY: fakeKey,
    DPA_LOCAL_BASE_URL: openAi.baseUrl,
    OLLAMA_HOST: ollama.origin,
    ANTHROPIC_API_KEY: fakeKey,
    ANTHROPIC_BASE_URL: anthropic.origin,
  };
  expect((await dpa(['up'], { cwd: folder, env })).code).toBe(0);
}, firstStartMs);

afterAll(async () => {
  await dpa(['down'], { cwd: folder, env });
  await Promise.all([openAi.close(), ollama.close(), anthropic.close()]);
  await rm(folder, { recursive: true, force: true });
}, firstStartMs);

function run(words: readonly string[], elsewhere: Record<string, string> = env): Promise<Ran> {
  return dpa(['--task', 'Count the sales', '--data', 'sales.csv', ...words], { cwd: folder, env: elsewhere });
}

/** As many tokens as the instructions and tools are: a server on this machine that says less has cut them away. */
const wholePrompt = { input: 9_000, cached: 0, cacheWrite: 0, output: 20, reasoning: 0 };

const look: FakeTurn = { calls: [{ name: 'data_lake__list_datasets', arguments: {} }] };

test.each([
  ['openai/gpt-6.1-sol', () => openAi, '/v1/responses'],
  ['local/local-model', () => openAi, '/v1/chat/completions'],
  ['ollama/local-model', () => ollama, '/v1/chat/completions'],
  ['anthropic/claude-sonnet-5-5', () => anthropic, '/v1/messages'],
])('--model %s is asked over its own dialect', async (model, serverOf, path) => {
  const server = serverOf();
  const before = server.ledger.length;
  server.push({ text: ['There are ', 'two sales.'], usage: wholePrompt });
  const ran = await run(['--model', model]);
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('There are two sales.') });
  expect(server.ledger.slice(before).map((entry) => entry.path)).toEqual([path]);
});

test('--model builtin asks nobody', async () => {
  const before = [openAi, ollama, anthropic].map(({ ledger }) => ledger.length);
  expect((await run(['--model', 'builtin'])).code).toBe(0);
  expect([openAi, ollama, anthropic].map(({ ledger }) => ledger.length)).toEqual(before);
});

test('a local server that runs is used without a word, and one line says so', async () => {
  ollama.push({ text: 'There are two sales.', usage: wholePrompt });
  const ran = await run([], { ...nowhere, OLLAMA_HOST: ollama.origin, DPA_HOME: join(folder, 'local') });
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('There are two sales.') });
  expect(ran.stderr.match(/ollama\/local-model is used/g)).toHaveLength(1);
  ollama.assertUsedUp();
}, 60_000);

test('neither key nor server: the planner, and one line says so', async () => {
  const ran = await run([], { ...nowhere, DPA_HOME: join(folder, 'alone') });
  expect(ran.code).toBe(0);
  expect(ran.stderr.match(/No key .*the built-in planner is used/g)).toHaveLength(1);
}, 60_000);

test('what it cost is told per model and per step, cached tokens apart', async () => {
  const usage = (cached: number, output: number) => ({ input: 1_000, cached, cacheWrite: 0, output, reasoning: 0 });
  anthropic.push({ ...look, usage: usage(0, 100) }, { text: 'Two.', usage: usage(800, 50) });
  const model = 'anthropic/claude-sonnet-5-5';
  expect((await run(['--model', model, '--id', 'cost'])).code).toBe(0);
  const { stdout } = await dpa(['show', 'cost', '--cost', '--json'], { cwd: folder, env });
  const [first, second] = [0.003, 0.000_4 + 0.000_16 + 0.000_5];
  const close = (usd: number) => expect.closeTo(usd, 10) as number;
  expect(JSON.parse(stdout)).toMatchObject({
    total: { calls: 2, inputTokens: 2_000, cachedInputTokens: 800, outputTokens: 150, costUsd: close(first + second) },
    models: { [model]: { calls: 2, costUsd: close(first + second) } },
    steps: [
      { step: 1, model, usage: { cachedInputTokens: 0 }, costUsd: close(first) },
      { step: 2, model, usage: { cachedInputTokens: 800 }, costUsd: close(second) },
    ],
  });
  const shown = await dpa(['show', 'cost', '--cost'], { cwd: folder, env });
  expect(shown.stdout).toMatch(/step 2 .*1,000 +800 +50 +0\.0011/);
});

test('--budget-usd ends it with what was found so far and exit code 7, not a call too many', async () => {
  const usage = { input: 1_000, cached: 0, cacheWrite: 0, output: 12_000, reasoning: 0 };
  const before = anthropic.ledger.length;
  anthropic.push({ ...look, usage }, { text: 'So far two.', usage: { ...usage, output: 100 } });
  const ran = await run(['--model', 'anthropic/claude-sonnet-5-5', '--budget-usd', '0.25', '--json']);
  expect(ran.code).toBe(7);
  const document = JSON.parse(ran.stdout) as { answer: string; limitReached: object; usage: { costUsd: number } };
  expect(document).toMatchObject({ limitReached: { limit: 'usd', allowed: 0.25 } });
  expect(ran.stdout).toContain('So far two.');
  expect(document.usage.costUsd).toBeLessThanOrEqual(0.25);
  expect(anthropic.ledger.length - before).toBe(2);
});

test('--max-steps ends it with what was found so far and exit code 7', async () => {
  const before = openAi.ledger.length;
  openAi.push(look, { text: 'So far two.' });
  const ran = await run(['--model', 'openai/gpt-6.1-sol', '--max-steps', '2', '--json']);
  expect(ran.code).toBe(7);
  expect(JSON.parse(ran.stdout)).toMatchObject({ limitReached: { limit: 'steps', allowed: 2, used: 2 } });
  expect(ran.stdout).toContain('So far two.');
  expect(openAi.ledger.length - before).toBe(2);
});

test('a provider that the project excludes never takes over', async () => {
  const project = await mkdtemp(join(folder, 'project-'));
  await writeFile(join(project, 'sales.csv'), 'a\n1\n');
  await writeFile(join(project, 'dpa.yaml'), 'models: {exclude: [anthropic]}\n');
  const before = anthropic.ledger.length;
  openAi.push({ fault: { kind: 'complaint', complaint: 'quota' } });
  const { stdout, code } = await dpa(['--task', 'Profile this data', '--data', 'sales.csv'], {
    cwd: project,
    env: { ...env, ...nowhere },
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/openai\/gpt-6\.1-sol could not go on .*builtin took over/);
  expect(anthropic.ledger.length).toBe(before);
}, 60_000);

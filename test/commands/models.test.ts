/** `dpa models` and `--model` as a user meets them: what is there, and one sentence for each mistake. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dpa } from '../support/dpa.ts';

let folder: string;
let server: Server;
let origin: string;

/** Nothing of the machine that runs the tests is asked. */
const nowhere = { OLLAMA_HOST: '127.0.0.1:1', DPA_LOCAL_BASE_URL: 'http://127.0.0.1:1/v1' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-models-'));
  await writeFile(join(folder, 'sales.csv'), 'a\n1\n');
  server = createServer((request, response) => {
    const data = [{ id: 'gpt-6-luna' }, { id: 'unheard-of' }, { id: 'gpt-6.1-sol' }];
    response.end(request.url?.startsWith('/web') === true ? '<html>' : JSON.stringify({ object: 'list', data }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

test('lists what is reachable with its price, and what is not with the reason', async () => {
  const env = { ...nowhere, OPENAI_API_KEY: 'any-key-at-all', OPENAI_BASE_URL: `${origin}/v1` };
  const ran = await dpa(['models'], { cwd: folder, env });
  expect(ran.code).toBe(0);
  expect(ran.stdout).toMatch(/^\* openai\/gpt-6\.1-sol .*price not known/m);
  expect(ran.stdout).toMatch(/^ {2}openai\/gpt-6-luna .*1,050,000.*\$0\.1 in/m);
  expect(ran.stdout).toMatch(/^✗ anthropic: no key: set ANTHROPIC_API_KEY/m);
  expect(ran.stdout).toMatch(/^✗ ollama: .*not/m);

  const { chosen, models, servers } = JSON.parse((await dpa(['models', '--json'], { cwd: folder, env })).stdout) as {
    chosen: string;
    models: { ref: string; price?: object }[];
    servers: object[];
  };
  expect(chosen).toBe('openai/gpt-6.1-sol');
  expect(models.map(({ ref }) => ref)).toEqual(['openai/gpt-6.1-sol', 'openai/gpt-6-luna', 'builtin']);
  expect(models[0]).not.toHaveProperty('price');
  expect(servers[0]).toMatchObject({ name: 'openai', configured: true, reachable: true });
});

test("what Anthropic's list says of its models is shown, of new ones too", async () => {
  const capabilities = { effort: { low: { supported: true } }, structured_outputs: { supported: true } };
  const data = ['claude-sonnet-5-5', 'claude-new-7'].map((id) => ({
    id,
    max_input_tokens: 2_000_000,
    max_tokens: 64_000,
    capabilities,
  }));
  const listing = createServer((_, response) => response.end(JSON.stringify({ data })));
  await new Promise<void>((resolve) => listing.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(listing.address() as AddressInfo).port}`;
  const env = { ...nowhere, ANTHROPIC_API_KEY: 'any-key-at-all', ANTHROPIC_BASE_URL: url };
  const { stdout } = await dpa(['models'], { cwd: folder, env });
  listing.closeAllConnections();
  listing.close();
  const abilities = 'reads 2,000,000, writes 64,000 tokens · PRICE · effort low · structured output';
  expect(stdout).toContain(`anthropic/claude-new-7  ${abilities.replace('PRICE', 'price not known')}`);
  expect(stdout).toMatch(
    /^\* anthropic\/claude-sonnet-5-5 {2}reads 2,000,000, writes 64,000 tokens · \$2 in, .* · effort low ·/m,
  );
});

test.each<[string, Record<string, string>, string[], RegExp]>([
  ['an unknown model', {}, ['--model', 'gpt-6-lunar'], /"gpt-6-lunar".*openai\/gpt-6-luna/],
  ['a model without its key', {}, ['--model', 'anthropic/claude-opus-5-5'], /ANTHROPIC_API_KEY.*_FILE/],
  ['a placeholder as key', { OPENAI_API_KEY: 'your-api-key' }, [], /OPENAI_API_KEY.*placeholder/],
  [
    'an address that is none',
    { OPENAI_API_KEY: 'abcdefghijkl', OPENAI_BASE_URL: 'nope' },
    [],
    /OPENAI_BASE_URL.*"nope"/,
  ],
  ['DPA_MODEL that is unknown', { DPA_MODEL: 'gpt5' }, [], /"gpt5"/],
])('%s: one sentence, before anything is started', async (_, env, words, expected) => {
  const ran = await dpa(['--task', 'Count', '--data', 'sales.csv', ...words], {
    cwd: folder,
    env: { ...nowhere, ...env },
  });
  expect(ran.code).toBe(64);
  expect(ran.stderr).toMatch(expected);
  expect(ran.stderr.trim().split('\n')).toHaveLength(1);
});

test('an address that answers with a web page is told', async () => {
  const env = { ...nowhere, OPENAI_API_KEY: 'any-key-at-all', OPENAI_BASE_URL: `${origin}/web` };
  expect((await dpa(['models'], { cwd: folder, env })).stdout).toMatch(/✗ openai: .*web page/);
});

test('dpa.yaml: order, prices and exclusions, and where each setting came from', async () => {
  const project = await mkdtemp(join(folder, 'project-'));
  const price = '{input: 3, output: 15}';
  await writeFile(
    join(project, 'dpa.yaml'),
    `models:\n  order: [openai/gpt-6-luna, builtin]\n  exclude: [anthropic]\n  prices: {openai/gpt-6.1-sol: ${price}}\n  profiles: {openai/gpt-6-luna: {window: 90000}}\n`,
  );
  const env = { ...nowhere, OPENAI_API_KEY: 'any-key-at-all', OPENAI_BASE_URL: `${origin}/v1` };
  const listed = await dpa(['models'], { cwd: project, env });
  expect(listed.stdout).toMatch(/^\* openai\/gpt-6-luna {2}reads 90,000,/m);
  expect(listed.stdout).toMatch(/openai\/gpt-6\.1-sol .*\$3 in, \$3 cached, \$15 out per million \(dpa\.yaml\)/);
  const named = ['--task', 'x', '--model', 'anthropic/claude-opus-5-5'];
  const excluded = await dpa(named, { cwd: project, env: { ...env, ANTHROPIC_API_KEY: 'sk-ant-0123456789abcdef' } });
  expect(excluded).toMatchObject({ code: 64, stderr: expect.stringContaining('models.exclude in dpa.yaml') });

  const { stdout } = await dpa(['doctor', '--config', '--json'], { cwd: project, env });
  const { settings } = JSON.parse(stdout) as { settings: { name: string; value: unknown; from: string }[] };
  expect(settings).toContainEqual({ name: 'models.exclude', value: ['anthropic'], from: join(project, 'dpa.yaml') });
  expect(settings).toContainEqual({ name: 'openai key', value: 'set', from: 'environment, OPENAI_API_KEY' });
  expect(stdout).not.toContain('any-key-at-all');

  await writeFile(join(project, 'dpa.yaml'), 'models: {oder: []}');
  const wrong = await dpa(['doctor', '--config'], { cwd: project, env });
  expect(wrong).toMatchObject({ code: 64, stderr: expect.stringMatching(/dpa\.yaml: models: .*did you mean order/) });
});

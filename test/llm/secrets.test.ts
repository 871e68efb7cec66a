/** Keys stay where they were set: real runs against a server that puts the key into its errors and answers, then a search of everything that was written. */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { loadConfig } from '../../src/config.ts';
import { hostStatus } from '../../src/temporal/attach.ts';
import { dpa, type Ran } from '../support/dpa.ts';
import { openFakeAnthropic } from '../support/fake-anthropic.ts';
import type { FakeModelServer } from '../support/fake-model-server.ts';
import { fakeKey, openFakeOpenAi, type FakeOpenAi } from '../support/fake-openai.ts';

const anthropicKey = 'sk-ant-planted-fedcba9876543210';

let folder: string;
let openAi: FakeOpenAi;
let anthropic: FakeModelServer;
let env: Record<string, string>;

const firstStartMs = 120_000;

const echo = (status: number, key: string) => ({
  kind: 'raw' as const,
  status,
  headers: { 'content-type': 'application/json', 'x-echo': `Bearer ${key}` },
  body: JSON.stringify({
    type: 'error',
    error: { message: `Refused: Authorization: Bearer ${key}, x-api-key ${key}.`, type: 'e', code: key },
  }),
});

/** A dialect each, with the key that its requests carry. */
const dialects = [
  ['openai/gpt-6.1-sol', fakeKey],
  ['local/local-model', fakeKey],
  ['anthropic/claude-sonnet-5-5', anthropicKey],
] as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-secrets-'));
  openAi = await openFakeOpenAi();
  anthropic = await openFakeAnthropic();
  await writeFile(join(folder, 'sales.csv'), 'day,amount\n2026-01-01,3\n2026-01-02,4\n');
  await mkdir(join(folder, 'keys'));
  await writeFile(join(folder, 'keys', 'openai'), `${fakeKey}\n`);
  env = {
    OPENAI_API_KEY_FILE: join(folder, 'keys', 'openai'),
    OPENAI_BASE_URL: openAi.baseUrl,
    DPA_LOCAL_API_KEY: fakeKey,
    DPA_LOCAL_BASE_URL: openAi.baseUrl,
    ANTHROPIC_API_KEY: anthropicKey,
    ANTHROPIC_BASE_URL: anthropic.origin,
  };
  expect((await dpa(['up'], { cwd: folder, env })).code).toBe(0);
}, firstStartMs);

afterAll(async () => {
  await dpa(['down'], { cwd: folder, env });
  await openAi.close();
  await anthropic.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** As many tokens as the instructions and tools are: a server on this machine that says less has cut them away. */
const usage = { input: 9_000, cached: 0, cacheWrite: 0, output: 20, reasoning: 0 };

function run(id: string, model: string): Promise<Ran> {
  const words = ['--data', 'sales.csv', '--model', model, '--id', id];
  return dpa(['--task', 'Count the sales', ...words], { cwd: folder, env });
}

test.each(dialects)(
  'nothing that is written, printed or kept of %s holds its key',
  async (model, key) => {
    const id = model.slice(0, model.indexOf('/'));
    const server = id === 'anthropic' ? anthropic : openAi;
    server.push(
      { fault: echo(500, key) },
      { text: `I was given ${key}.`, calls: [{ name: 'data_lake__list_datasets', arguments: {} }], usage },
      { text: ['The key ', key.slice(0, 9), key.slice(9), ' was used.'], usage },
    );
    const answered = await run(id, model);
    expect(answered).toMatchObject({ code: 0, stdout: expect.stringContaining('[redacted]') });
    server.assertUsedUp();
    const shown = await Promise.all(
      [
        ['show', id, '--transcript'],
        ['show', id, '--cost', '--json'],
        ['show', id, '--json'],
        ['sessions', '--json'],
        ['models', '--json'],
        ['doctor'],
      ].map((command) => dpa(command, { cwd: folder, env })),
    );
    expect(JSON.parse(shown[1]?.stdout ?? '')).toMatchObject({ total: { calls: 2 }, steps: [{ model }, { step: 2 }] });
    expect(await foundIn([answered, ...shown], [id])).toEqual([]);
  },
  firstStartMs,
);

/** Over the stream of the host, as one who comes later sees it, and as heartbeats show it to who is out of reach. */
test.each(dialects)(
  'text of %s that is shown while it is written holds no key, however it is cut',
  async (model, key) => {
    const id = `live-${model.slice(0, model.indexOf('/'))}`;
    const server = model.startsWith('anthropic/') ? anthropic : openAi;
    const text = ['The key ', key.slice(0, 5), key.slice(5, 12), key.slice(12), ' was used, ', `and ${key} again.`];
    server.push({ text: [...text, ...Array.from({ length: 20 }, (_, index) => ` word${index}`)], gapMs: 60, usage });
    const words = ['run', '--task', 'Describe', '--data', 'sales.csv', '--model', model, '--id', id, '--events'];
    let late: Promise<Ran> | undefined;
    const heartbeats: string[] = [];
    const ran = await dpa(words, {
      cwd: folder,
      env,
      onStdout: (piece) => {
        if (!piece.includes('"kind":"text"')) return;
        late ??= dpa(['watch', id, '--events'], { cwd: folder, env });
        void heartbeatsOf(id).then((details) => heartbeats.push(details));
      },
    });
    const events = ran.stdout.split('\n').filter((line) => line.includes('"kind":"text"'));
    expect(events.length).toBeGreaterThan(3);
    expect(ran.stdout).toContain('[redacted]');
    const watched = await late!;
    expect(watched.stdout).toContain('[redacted]');
    expect(heartbeats.join('')).toContain('[redacted]');
    expect(holdsKey(heartbeats.join(''))).toBe(false);
    expect(await foundIn([ran, watched], [id])).toEqual([]);
  },
  firstStartMs,
);

test('a price that is not known is shown as such', async () => {
  const [cost, document] = await Promise.all(
    [
      ['show', 'openai', '--cost', '--json'],
      ['show', 'openai', '--json'],
    ].map((command) => dpa(command, { cwd: folder, env })),
  );
  // Which is not the same as free.
  expect(JSON.parse(cost?.stdout ?? '')).toMatchObject({ total: { costUsd: null }, steps: [{ costUsd: null }, {}] });
  expect(JSON.parse(document?.stdout ?? '')).toMatchObject({ usage: { costUsd: null } });
});

test(
  'a key that is refused is in no report, though the report says why the next one took over',
  async () => {
    openAi.push({ fault: echo(401, fakeKey) }, { fault: echo(401, fakeKey) });
    anthropic.push({ fault: echo(401, anthropicKey) });
    const refused = [];
    for (const [model] of dialects) refused.push(await run(`refused-${model.slice(0, model.indexOf('/'))}`, model));
    for (const [index, { stdout }] of refused.entries()) {
      expect(stdout).toContain(`${dialects[index]?.[0]} could not go on (`);
      expect(stdout).toMatch(/; builtin took over/);
    }
    const ids = dialects.map(([model]) => `refused-${model.slice(0, model.indexOf('/'))}`);
    expect(await foundIn(refused, ids)).toEqual([]);
  },
  firstStartMs,
);

async function foundIn(ran: readonly Ran[], ids: readonly string[]): Promise<string[]> {
  return [
    ...ran.flatMap(({ stdout, stderr }, index) => (holdsKey(stdout + stderr) ? [`output ${index}`] : [])),
    ...(await historiesWithKey(ids)),
    ...(await filesWithKey(folder)),
  ];
}

test('the search itself finds a key that was planted', async () => {
  await writeFile(join(folder, 'leak.log'), `error: ${fakeKey}`);
  expect(await filesWithKey(folder)).toEqual(['leak.log']);
  await rm(join(folder, 'leak.log'));
});

test('a host started without the key says whose environment counts', async () => {
  const keys = { ANTHROPIC_API_KEY: anthropicKey };
  const words = ['--task', 'Count the sales', '--data', 'sales.csv', '--model', 'anthropic/claude-opus-5-5'];
  const elsewhere = { DPA_HOME: join(folder, 'elsewhere') };
  expect((await dpa(['up'], { cwd: folder, env: elsewhere })).code).toBe(0);
  const ran = await dpa(words, { cwd: folder, env: { ...elsewhere, ...keys, ANTHROPIC_BASE_URL: anthropic.origin } });
  await dpa(['down'], { cwd: folder, env: elsewhere });
  expect(ran.code).toBe(64);
  expect(ran.stderr).toMatch(/ANTHROPIC_API_KEY, it is not set.*`dpa down`/s);
  expect(holdsKey(ran.stderr + ran.stdout)).toBe(false);
}, 60_000);

function holdsKey(text: string): boolean {
  return [fakeKey, anthropicKey].some(
    (key) => text.includes(key) || text.includes(Buffer.from(key).toString('base64')),
  );
}

/** As Temporal hands them to anybody who asks what is under way. */
async function heartbeatsOf(id: string): Promise<string> {
  const status = await hostStatus(loadConfig({ ...env, PATH: '/bin' }, folder));
  const connection = await Connection.connect({ address: status?.address ?? '' });
  try {
    const { raw } = await new Client({ connection }).workflow.getHandle(id).describe();
    const payloads = (raw.pendingActivities ?? []).flatMap(({ heartbeatDetails: details }) => details?.payloads ?? []);
    return payloads.map(({ data }) => Buffer.from(data ?? []).toString('utf8')).join('\n');
  } finally {
    await connection.close();
  }
}

async function historiesWithKey(ids: readonly string[]): Promise<string[]> {
  const status = await hostStatus(loadConfig({ ...env, PATH: '/bin' }, folder));
  const connection = await Connection.connect({ address: status?.address ?? '' });
  try {
    const client = new Client({ connection });
    const histories = await Promise.all(ids.map((id) => client.workflow.getHandle(id).fetchHistory()));
    const texts = histories.map((history) =>
      JSON.stringify(history, (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      ),
    );
    expect(texts.every((text) => text.includes('completeTurn'))).toBe(true);
    return ids.filter((_, index) => holdsKey(texts[index]!));
  } finally {
    await connection.close();
  }
}

/** Temporal's database among them; the folder with the keys themselves is not looked at. */
async function filesWithKey(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const looked = paths.filter((path) => !path.includes('/keys/'));
  expect(looked.length).toBeGreaterThan(0);
  const texts = await Promise.all(looked.map((path) => readFile(path, 'latin1').catch(() => '')));
  return looked.filter((_, index) => holdsKey(texts[index]!)).map((path) => path.slice(root.length + 1));
}

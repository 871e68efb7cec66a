/** Keys stay where they were set: real runs against a server that puts the key into its errors and answers, then a search of everything that was written. */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { loadConfig } from '../../src/config.ts';
import { hostStatus } from '../../src/temporal/attach.ts';
import { dpa } from '../support/dpa.ts';
import { fakeKey, openFakeOpenAi, type FakeOpenAi } from '../support/fake-openai.ts';

const otherKey = 'sk-ant-planted-fedcba9876543210';

let folder: string;
let server: FakeOpenAi;
let env: Record<string, string>;

const firstStartMs = 120_000;

const echo = (status: number) => ({
  kind: 'raw' as const,
  status,
  headers: { 'content-type': 'application/json', 'x-echo': `Bearer ${fakeKey}` },
  body: JSON.stringify({
    error: { message: `Refused: Authorization: Bearer ${fakeKey}, x-api-key ${otherKey}.`, type: 'e', code: fakeKey },
  }),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-secrets-'));
  server = await openFakeOpenAi();
  await writeFile(join(folder, 'sales.csv'), 'day,amount\n2026-01-01,3\n2026-01-02,4\n');
  await mkdir(join(folder, 'keys'));
  await writeFile(join(folder, 'keys', 'openai'), `${fakeKey}\n`);
  env = { OPENAI_API_KEY_FILE: join(folder, 'keys', 'openai'), OPENAI_BASE_URL: server.baseUrl };
  expect((await dpa(['up'], { cwd: folder, env })).code).toBe(0);
}, firstStartMs);

afterAll(async () => {
  await dpa(['down'], { cwd: folder, env });
  await server.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

test(
  'nothing that is written, printed or kept holds a key',
  async () => {
    server.push(
      { fault: echo(500) },
      { text: `I was given ${fakeKey}.`, calls: [{ name: 'data_lake__list_datasets', arguments: {} }] },
      { text: ['The key ', fakeKey, ' was used.'] },
    );
    const words = ['--data', 'sales.csv', '--model', 'openai/gpt-6.1-sol'];
    const answered = await dpa(['--task', 'Count the sales', '--id', 'answered', ...words], { cwd: folder, env });
    expect(answered).toMatchObject({ code: 0, stdout: expect.stringContaining('[redacted]') });
    server.assertUsedUp();
    server.push({ fault: echo(401) });
    const refused = await dpa(['--task', 'Count the sales', '--id', 'refused', ...words], { cwd: folder, env });
    // The planner takes over, and the report quotes why: without the key.
    expect(refused.stdout).toMatch(/openai\/gpt-6\.1-sol could not go on \(.*\); builtin took over/);

    const shown = await Promise.all(
      [
        ['show', 'answered', '--transcript'],
        ['show', 'answered', '--cost', '--json'],
        ['show', 'answered', '--json'],
        ['sessions', '--json'],
        ['models', '--json'],
        ['doctor'],
      ].map((command) => dpa(command, { cwd: folder, env })),
    );
    const cost = JSON.parse(shown[1]?.stdout ?? '') as object;
    // The price of this model is not known, which is not the same as free.
    expect(cost).toMatchObject({
      total: { calls: 2, costUsd: null },
      steps: [{ step: 1, model: 'openai/gpt-6.1-sol', costUsd: null }, { step: 2 }],
    });
    expect(JSON.parse(shown[2]?.stdout ?? '')).toMatchObject({ usage: { costUsd: null } });
    const printed = [answered, refused, ...shown].map(({ stdout, stderr }) => stdout + stderr);
    const found = [
      ...printed.flatMap((text, index) => (holdsKey(text) ? [`output ${index}`] : [])),
      ...(await historiesWithKey(['answered', 'refused'])),
      ...(await filesWithKey(folder)),
    ];
    expect(found).toEqual([]);
  },
  firstStartMs,
);

test('the search itself finds a key that was planted', async () => {
  await writeFile(join(folder, 'leak.log'), `error: ${fakeKey}`);
  expect(await filesWithKey(folder)).toEqual(['leak.log']);
  await rm(join(folder, 'leak.log'));
});

test('a host started without the key says whose environment counts', async () => {
  const keys = { ANTHROPIC_API_KEY: otherKey };
  const words = ['--task', 'Count the sales', '--data', 'sales.csv', '--model', 'anthropic/claude-opus-5-5'];
  const ran = await dpa(words, { cwd: folder, env: keys });
  expect(ran.code).toBe(64);
  expect(ran.stderr).toMatch(/ANTHROPIC_API_KEY, it is not set.*`dpa down`/s);
  expect(holdsKey(ran.stderr + ran.stdout)).toBe(false);
}, 60_000);

function holdsKey(text: string): boolean {
  return [fakeKey, otherKey].some((key) => text.includes(key) || text.includes(Buffer.from(key).toString('base64')));
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

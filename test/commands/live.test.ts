/** Text as it is written, by real processes: to the one who started it, to one who comes later, and after kill -9 of the worker. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadConfig } from '../../src/config.ts';
import { hostStatus } from '../../src/temporal/attach.ts';
import { dpa } from '../support/dpa.ts';
import { fakeKey, openFakeOpenAi, type FakeOpenAi } from '../support/fake-openai.ts';

let folder: string;
let server: FakeOpenAi;
let env: Record<string, string>;

const words = Array.from({ length: 40 }, (_, word) => `word${word} `);
const whole = words.join('');

const others = words.map((word) => word.toUpperCase());

/** A few seconds, so that there is time to come later. */
const slow = { text: words, gapMs: 80 };

const limitMs = 120_000;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-live-'));
  server = await openFakeOpenAi();
  await writeFile(join(folder, 'sales.csv'), 'day,amount\n2026-01-01,3\n2026-01-02,4\n');
  env = { OPENAI_API_KEY: fakeKey, OPENAI_BASE_URL: server.baseUrl };
  expect((await dpa(['up'], { cwd: folder, env })).code).toBe(0);
}, limitMs);

afterAll(async () => {
  await dpa(['down'], { cwd: folder, env });
  await server.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

type Text = { readonly kind: string; readonly attempt: number; readonly offset: number; readonly text: string };

function texts(stdout: string): Text[] {
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Text);
  return events.filter(({ kind }) => kind === 'text' || kind === 'rewind');
}

/** Put together as a screen would, by offsets; what is missing stays a gap. */
function shown(events: readonly Text[]): string {
  return events.reduce(
    (text, event) =>
      event.kind === 'rewind' ? '' : text.slice(0, event.offset).padEnd(event.offset, '?') + event.text,
    '',
  );
}

async function untilAsked(times: number): Promise<void> {
  while (server.ledger.length < times) await delay(20);
}

const run = (id: string, onStdout: (text: string) => void = () => undefined) =>
  dpa(
    [
      'run',
      '--task',
      'Describe the sales',
      '--data',
      'sales.csv',
      '--model',
      'openai/gpt-6.1-sol',
      '--id',
      id,
      '--events',
    ],
    { cwd: folder, env, limitMs, onStdout },
  );

test(
  'who started it and who came later both see every word, while it is written',
  async () => {
    server.push(slow);
    const asked = server.ledger.length;
    const starting = run('live-two');
    await untilAsked(asked + 1);
    await delay(1_000);
    const watching = dpa(['watch', 'live-two', '--events'], { cwd: folder, env, limitMs });
    const [started, watched] = [texts((await starting).stdout), texts((await watching).stdout)];
    expect([shown(started), shown(watched)]).toEqual([whole, whole]);
    // In pieces: not the whole answer at its end.
    expect(started.length).toBeGreaterThan(5);
    expect(watched.length).toBeGreaterThan(3);
    server.assertUsedUp();
  },
  limitMs,
);

test(
  'after kill -9 of the worker in the middle of an answer the screen goes back, and shows what is true',
  async () => {
    // The second one long enough that a busy machine has a new host, and a client of it, before its end.
    server.push({ ...slow, gapMs: 300 }, { text: others, gapMs: 300 });
    const asked = server.ledger.length;
    const hasShown = Promise.withResolvers<void>();
    const running = run('live-killed', (text) => {
      if (text.includes('word2 ')) hasShown.resolve();
    });
    await hasShown.promise;
    const host = await hostStatus(loadConfig({ ...env, PATH: '/bin' }, folder));
    process.kill(host!.pid, 'SIGKILL');
    const events = texts((await running).stdout);
    expect(events.findIndex(({ kind }) => kind === 'rewind')).toBeGreaterThan(0);
    expect(shown(events)).toBe(others.join(''));
    expect(server.ledger.length).toBe(asked + 2);
  },
  limitMs,
);

test(
  'somebody who asked for the document alone gets no text before it',
  async () => {
    server.push({ text: ['Short ', 'answer.'] });
    const { stdout } = await dpa(
      ['run', '--task', 'Describe the sales', '--data', 'sales.csv', '--model', 'openai/gpt-6.1-sol', '--json'],
      { cwd: folder, env, limitMs },
    );
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'dpa.analysis/1' });
  },
  limitMs,
);

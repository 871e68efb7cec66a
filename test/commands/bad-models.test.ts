/** Keys, names and addresses of models that cannot work: one sentence on stderr before anything is started. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dpa } from '../support/dpa.ts';
import { fakeKey, openFakeOpenAi, type FakeOpenAi } from '../support/fake-openai.ts';

let folder: string;
let fake: FakeOpenAi;
const servers: { close(): unknown }[] = [];
const addresses: Record<'refused' | 'page' | 'secure' | 'away' | 'small', string> = {
  refused: '',
  page: '',
  secure: '',
  away: '',
  small: '',
};

const otherKey = 'sk-proj-0123456789abcdef-0123456789';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-bad-models-'));
  await writeFile(join(folder, 'good.csv'), 'a,b\n1,2\n3,4\n');
  fake = await openFakeOpenAi();
  const said = { error: { message: `Incorrect API key provided: ${otherKey}.`, code: 'invalid_api_key' } };
  addresses.refused = await listening(createServer((_, response) => response.writeHead(401).end(JSON.stringify(said))));
  addresses.page = await listening(createServer((_, response) => response.end('<html>Sign in</html>')));
  addresses.secure = (await listening(await ownCertificate())).replace('http:', 'https:');
  const small = { object: 'list', data: [{ id: 'tiny', max_model_len: 4_096 }] };
  addresses.small = await listening(createServer((_, response) => response.end(JSON.stringify(small))));
  const gone = createServer();
  addresses.away = await listening(gone);
  await new Promise((resolve) => gone.close(resolve));
}, 60_000);

afterAll(async () => {
  for (const server of servers) server.close();
  await fake?.close();
  await rm(folder, { recursive: true, force: true });
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function ownCertificate(): Promise<Server> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=127.0.0.1'];
  await promisify(execFile)('openssl', [...words, '-keyout', key, '-out', cert]);
  return createSecureServer({ key: await readFile(key), cert: await readFile(cert) }, (_, response) => response.end());
}

type Case = readonly [name: string, env: () => Record<string, string>, words: readonly string[], sentence: RegExp];

test.each<Case>([
  [
    'an empty key',
    () => ({ OPENAI_API_KEY: '', DPA_MODEL: 'openai/gpt-5.5' }),
    [],
    /OPENAI_API_KEY.*Set OPENAI_API_KEY/,
  ],
  ['a key of blanks', () => ({ OPENAI_API_KEY: '  ' }), [], /OPENAI_API_KEY: .*only blanks/],
  ['a placeholder', () => ({ ANTHROPIC_API_KEY: 'your-key-here' }), [], /ANTHROPIC_API_KEY: .*placeholder/],
  [
    'a key that is refused',
    () => ({ OPENAI_API_KEY: otherKey, OPENAI_BASE_URL: addresses.refused }),
    [],
    /refuses the key\. Set OPENAI_API_KEY \(or OPENAI_API_KEY_FILE/,
  ],
  [
    'a key that Anthropic refuses',
    () => ({ ANTHROPIC_API_KEY: otherKey, ANTHROPIC_BASE_URL: addresses.refused }),
    [],
    /anthropic at .* refuses the key\. Set ANTHROPIC_API_KEY \(or ANTHROPIC_API_KEY_FILE/,
  ],
  [
    'a name without its provider',
    () => ({}),
    ['--model', 'claude-sonnet-5-5'],
    /Did you mean anthropic\/claude-sonnet-5-5/,
  ],
  ['a provider with a slip', () => ({}), ['--model', 'opena/gpt-5.5'], /Did you mean openai\/gpt-5\.5/],
  [
    'a model that the provider does not offer',
    () => ({ OPENAI_API_KEY: fakeKey, OPENAI_BASE_URL: fake.baseUrl }),
    ['--model', 'openai/gpt-6.1-soll'],
    /gpt-6\.1-soll.*Did you mean openai\/gpt-6\.1-sol\?/,
  ],
  [
    'an address that is none',
    () => ({ OPENAI_API_KEY: otherKey, OPENAI_BASE_URL: 'models' }),
    [],
    /OPENAI_BASE_URL: .*https?:\/\//,
  ],
  [
    'an address that answers with a page',
    () => ({ OPENAI_API_KEY: otherKey, OPENAI_BASE_URL: addresses.page }),
    [],
    /web page.*Correct OPENAI_BASE_URL/,
  ],
  [
    'a local address that answers with a page',
    () => ({ DPA_LOCAL_BASE_URL: addresses.page }),
    ['--model', 'local/any'],
    /web page.*Correct DPA_LOCAL_BASE_URL/,
  ],
  [
    'a certificate that nobody vouches for',
    () => ({ OPENAI_API_KEY: otherKey, OPENAI_BASE_URL: addresses.secure }),
    [],
    /cannot prove who it is.*NODE_EXTRA_CA_CERTS/,
  ],
  [
    'a budget without a price',
    () => ({ OPENAI_API_KEY: fakeKey, OPENAI_BASE_URL: fake.baseUrl }),
    ['--model', 'openai/gpt-6.1-sol', '--budget-usd', '5'],
    /gpt-6\.1-sol, whose price is not known/,
  ],
  [
    'a context that is too small for the tools',
    () => ({ DPA_LOCAL_BASE_URL: addresses.small }),
    ['--model', 'local/tiny'],
    /reads 4096 tokens at once; at least 16384 are needed/,
  ],
])('%s', async (_, env, words, sentence) => {
  const run = ['--task', 'Profile this data', '--data', 'good.csv', ...words];
  const { code, stdout, stderr } = await dpa(run, { cwd: folder, env: env() });
  expect({ code, stderr: stderr.trim() }).toEqual({ code: 64, stderr: expect.stringMatching(sentence) as string });
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stdout).toBe('');
  expect(stderr).not.toContain(otherKey);
  // Nobody was asked, and no host was started for it.
  expect(fake.ledger).toEqual([]);
  const home = await readdir(join(folder, '.data_processing_assistant')).catch(() => []);
  expect(home).not.toContain('temporal.db');
});

test('a server that is away is said, and the next model goes on', async () => {
  const env = { OPENAI_API_KEY: otherKey, OPENAI_BASE_URL: addresses.away };
  const ran = await dpa(['--task', 'Profile this data', '--data', 'good.csv'], { cwd: folder, env });
  expect(ran.code).toBe(0);
  expect(ran.stderr).toMatch(/nothing listens at its address\. It is asked again, then the next model/);
  expect(ran.stdout).toMatch(/openai\/gpt-6\.1-sol could not go on .*builtin took over/);
}, 60_000);

test('an empty key is one sentence on the way to the planner', async () => {
  const env = { OPENAI_API_KEY: '', OLLAMA_HOST: '127.0.0.1:9', DPA_LOCAL_BASE_URL: addresses.away };
  const ran = await dpa(['--task', 'Profile this data', '--data', 'good.csv'], { cwd: folder, env });
  expect(ran.code).toBe(0);
  const told = ran.stderr.split('\n').filter((line) => line.includes('set, but empty'));
  expect(told).toEqual([expect.stringMatching(/OPENAI_API_KEY is set, but empty: .*Set OPENAI_API_KEY/)]);
}, 60_000);

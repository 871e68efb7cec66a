/** What is set in the environment becomes endpoints, and every mistake one sentence without the key in it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpointsFrom } from '../../src/llm/endpoints.ts';

const folder = mkdtempSync(join(tmpdir(), 'dpa-endpoints-'));
const openAiKey = 'sk-proj-0123456789abcdef';
const anthropicKey = 'sk-ant-0123456789abcdef';

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const from = (environment: Record<string, string>) => endpointsFrom(environment, folder);

test('without any setting only this machine may be asked', () => {
  const { byName, problems, configured, secrets } = from({});
  expect(Object.keys(byName)).toEqual(['ollama', 'local']);
  expect(byName.ollama).toMatchObject({ baseUrl: 'http://127.0.0.1:11434/v1', local: true });
  expect(byName.local).toMatchObject({ baseUrl: 'http://127.0.0.1:1234/v1', local: true });
  expect({ problems, configured, secrets }).toEqual({ problems: {}, configured: [], secrets: [] });
});

test('keys and addresses are taken from their variables, explicitly', () => {
  const { byName, secrets } = from({
    OPENAI_API_KEY: openAiKey,
    ANTHROPIC_API_KEY: anthropicKey,
    ANTHROPIC_BASE_URL: 'https://proxy.example/anthropic/',
    // The SDKs would read these on their own.
    ANTHROPIC_AUTH_TOKEN: 'token-0123456789abcdef',
    OPENAI_ORG_ID: 'org',
  });
  expect(byName.openai).toEqual({
    name: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    apiKey: openAiKey,
    headers: {},
    local: false,
  });
  expect(byName.anthropic).toMatchObject({ baseUrl: 'https://proxy.example/anthropic', apiKey: anthropicKey });
  expect(secrets).toEqual([openAiKey, anthropicKey]);
});

test('a key may stand in a file, with the line end that editors add', () => {
  writeFileSync(join(folder, 'key'), `${openAiKey}\n`);
  expect(from({ OPENAI_API_KEY_FILE: 'key' })).toMatchObject({
    byName: { openai: { apiKey: openAiKey } },
    secrets: [openAiKey],
  });
});

test('behind an own address a key may look like anything', () => {
  const { byName } = from({ OPENAI_API_KEY: 'team', OPENAI_BASE_URL: 'http://127.0.0.1:4000' });
  expect(byName.openai).toMatchObject({ baseUrl: 'http://127.0.0.1:4000', apiKey: 'team', local: true });
});

test.each([
  ['127.0.0.1:9999', 'http://127.0.0.1:9999/v1'],
  ['0.0.0.0', 'http://127.0.0.1:11434/v1'],
  ['http://ollama.example:80', 'http://ollama.example/v1'],
  ['https://ollama.example', 'https://ollama.example/v1'],
  ['box', 'http://box:11434/v1'],
])('OLLAMA_HOST=%s', (value, baseUrl) => {
  expect(from({ OLLAMA_HOST: value }).byName.ollama?.baseUrl).toBe(baseUrl);
});

const mistakes: [string, Record<string, string>, 'openai' | 'anthropic' | 'local', RegExp][] = [
  ['blanks', { OPENAI_API_KEY: '   ' }, 'openai', /OPENAI_API_KEY: .* only blanks/],
  ['quotation marks', { OPENAI_API_KEY: `"${openAiKey}"` }, 'openai', /quotation marks/],
  ['a line break inside', { OPENAI_API_KEY: `${openAiKey}\nx` }, 'openai', /line breaks/],
  ['a placeholder', { OPENAI_API_KEY: 'your-api-key-here' }, 'openai', /placeholder/],
  ['too short', { OPENAI_API_KEY: 'sk-12' }, 'openai', /5 characters/],
  ["the other one's", { OPENAI_API_KEY: anthropicKey }, 'openai', /ANTHROPIC_API_KEY/],
  ["the other one's, too", { ANTHROPIC_API_KEY: openAiKey }, 'anthropic', /OPENAI_API_KEY/],
  ['another shape', { ANTHROPIC_API_KEY: 'abcdefabcdefabcdef' }, 'anthropic', /begin with sk-ant-/],
  ['no file', { OPENAI_API_KEY_FILE: 'nosuch' }, 'openai', /OPENAI_API_KEY_FILE: .*ENOENT/],
  ['a folder', { OPENAI_API_KEY_FILE: '.' }, 'openai', /OPENAI_API_KEY_FILE: .*EISDIR/],
  ['an empty file', { OPENAI_API_KEY_FILE: 'empty' }, 'openai', /empty file/],
  ['both', { OPENAI_API_KEY: openAiKey, OPENAI_API_KEY_FILE: 'key' }, 'openai', /found both/],
  ['no URL', { OPENAI_API_KEY: openAiKey, OPENAI_BASE_URL: 'models' }, 'openai', /OPENAI_BASE_URL: .*"models"/],
  ['a key as URL', { OPENAI_API_KEY: openAiKey, OPENAI_BASE_URL: openAiKey }, 'openai', /something else/],
  ['another scheme', { DPA_LOCAL_BASE_URL: 'ftp://x' }, 'local', /begins with ftp:\/\//],
  ['a password in it', { DPA_LOCAL_BASE_URL: 'http://me:secret99@x' }, 'local', /without a name or password/],
  ['a query', { DPA_LOCAL_BASE_URL: 'http://x/v1?key=1' }, 'local', /without \? and #/],
];

test.each(mistakes)('refused: %s', (_, environment, name, words) => {
  writeFileSync(join(folder, 'empty'), ' \n');
  const { problems, byName } = from(environment);
  expect(byName[name]).toBeUndefined();
  expect(problems[name]).toMatch(words);
  for (const secret of [openAiKey, anthropicKey, 'secret99']) expect(problems[name]).not.toContain(secret);
});

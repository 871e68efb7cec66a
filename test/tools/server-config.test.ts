import path from 'node:path';
import { ConfigProblem, parseServerConfig } from '../../src/tools/server-config.ts';

const FILE = '/etc/dpa/mcp_servers_config.json';
const env = { HOME: '/users/u', TOKEN: 'secret', EMPTY: '', DATA: '/srv/data' };

function parse(text: string): ReturnType<typeof parseServerConfig> {
  return parseServerConfig(text, FILE, env, '/srv/dir');
}

function withEntry(entry: unknown): string {
  return JSON.stringify({ mcpServers: { lake: entry } }, undefined, 2);
}

function problemOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ConfigProblem) return error.message;
    throw error;
  }
  throw new Error('expected a problem, found none');
}

test('a small entry gets its defaults, and paths become absolute', () => {
  expect(parse(withEntry({ command: 'python3', args: ['server.py'] }))).toEqual([
    {
      name: 'lake',
      command: 'python3',
      args: ['server.py'],
      env: {},
      cwd: '/etc/dpa',
      effects: {},
      readPaths: [],
      writePaths: [],
      timeoutMs: 60_000,
    },
  ]);
});

test('a full entry is resolved: variables, the home folder, the Node of this program', () => {
  const entry = {
    type: 'stdio',
    command: 'node',
    args: ['${DATA}/main.ts', '${NONE:-a b}', '${EMPTY:-full}', '${EMPTY}', '$DATA'],
    env: { API_TOKEN: '${TOKEN}' },
    cwd: 'servers',
    dpa: {
      dataType: 'tabular',
      securityLevel: 3,
      effects: { query: 'read', drop: 'deny' },
      egress: ['db.example.com:5432'],
      readPaths: ['data', '~/lake/*.csv', '/abs'],
      writePaths: ['out'],
      timeoutMs: 1_000,
    },
  };
  expect(parse(withEntry(entry))).toEqual([
    {
      name: 'lake',
      command: process.execPath,
      args: ['/srv/data/main.ts', 'a b', 'full', '', '$DATA'],
      env: { API_TOKEN: 'secret' },
      cwd: '/etc/dpa/servers',
      dataType: 'tabular',
      securityLevel: 3,
      effects: { query: 'read', drop: 'deny' },
      egress: ['db.example.com:5432'],
      readPaths: ['/srv/dir/data', '/users/u/lake/*.csv', '/abs'],
      writePaths: ['/srv/dir/out'],
      timeoutMs: 1_000,
      startMs: 1_000,
    },
  ]);
});

test("a relative command counts from the file's folder, VS Code's key and a byte order mark are accepted", () => {
  const text = `\ufeff${JSON.stringify({ servers: { a: { command: './run.sh' }, b: { command: 'x', dpa: { fallbackFor: 'a' } } } })}`;
  expect(parse(text)).toMatchObject([{ command: '/etc/dpa/run.sh' }, { fallbackFor: ['a'] }]);
});

const ok = { command: 'python3' };
const dpa = (more: object): string => withEntry({ ...ok, dpa: more });

test.each<[string, string, RegExp]>([
  ['empty file', '', /:1:1: expected JSON, found an empty file/],
  ['only spaces', ' \n ', /:2:2: expected JSON, found an empty file/],
  ['line comment', '{\n  // servers\n}', /:2:3: .*a comment/],
  ['block comment', '{/* a */}', /:1:2: .*a comment/],
  ['trailing comma', '{"mcpServers": {},\n}', /:1:18: remove this comma/],
  ['trailing comma in a list', '{"a": [1, ]}', /:1:9: remove this comma/],
  ['single quotes', "{'mcpServers': {}}", /:1:2: expected a key in double quotes/],
  ['bare key', '{mcpServers: {}}', /:1:2: expected a key, found "mcpServers|:1:2: expected a key in double quotes/],
  ['missing colon', '{"mcpServers" {}}', /:1:15: expected ":", found "\{\}\}"/],
  ['missing comma', '{"a": 1 "b": 2}', /:1:9: expected "," or "\}"/],
  ['cut off', '{"mcpServers": {', /:1:17: expected a key in double quotes, found the end of the file/],
  ['open text', '{"mcpServers": "a', /:1:16: expected text that ends/],
  ['wrong escape', '{"a": "\\x"}', /:1:7: expected text that ends with/],
  ['two documents', '{} {}', /:1:4: expected the end of the file/],
  ['NaN', '{"a": NaN}', /:1:7: expected a value, found "NaN/],
  [
    'duplicate server',
    '{"mcpServers": {\n"a": {},\n"a": {}}}',
    /:3:1: the key "a" .* second time; the first is on line 2/,
  ],
  ['__proto__', '{"mcpServers": {"__proto__": {}}}', /:1:17: the key "__proto__" is not allowed/],
  ['nested too deeply', '['.repeat(100_000), /nested deeper than 64 levels/],
  ['a list', '[]', /expected an object, found a list of 0/],
  ['null', 'null', /expected an object, found null/],
  ['no servers key', '{}', /expected the key "mcpServers"/],
  ['misspelt top key', '{"mcpServer": {}}', /:1: mcpServer: this key is not known. Did you mean "mcpServers"\?/],
  ['both keys', '{"mcpServers": {}, "servers": {}}', /found "mcpServers" and "servers"/],
  ['no server', '{"mcpServers": {}}', /at least one server, found none/],
  ['servers as a list', '{"mcpServers": []}', /mcpServers: expected an object, found a list of 0/],
  ['no command', withEntry({}), /:3: mcpServers\.lake\.command: expected text, found nothing/],
  ['misspelt key', withEntry({ ...ok, arg: [] }), /:5: mcpServers\.lake\.arg: .*Did you mean "args"\?/],
  ['misspelt dpa key', dpa({ readPath: [] }), /:6: .*dpa\.readPath: .*Did you mean "readPaths"\?/],
  ['empty command', withEntry({ command: '' }), /expected some text, found ""/],
  ['command as a number', withEntry({ command: 5 }), /:4: .*command: expected text, found 5/],
  ['args as text', withEntry({ ...ok, args: '-v' }), /args: expected a list, found "-v"/],
  [
    'an arg as a number',
    withEntry({ ...ok, args: ['a', 5] }),
    /:7: mcpServers\.lake\.args\[1\]: expected text, found 5/,
  ],
  ['an arg with NUL', withEntry({ ...ok, args: ['a\0'] }), /without a NUL character/],
  ['env value as a number', withEntry({ ...ok, env: { A: 1 } }), /env\.A: expected text, found 1/],
  ['env name with =', withEntry({ ...ok, env: { 'A=B': 'x' } }), /expected the name of an environment variable/],
  ['env name of ours', withEntry({ ...ok, env: { DPA_DATA_PATHS: 'x' } }), /Name the paths in "dpa.readPaths"/],
  ['inline secret', withEntry({ ...ok, env: { API_KEY: 'sk-123' } }), /Write "\$\{API_KEY\}" and set the variable/],
  ['password in a URL', withEntry({ ...ok, args: ['pg://u:pw@h/db'] }), /args\[0\]: .*found a password in a URL/],
  [
    'missing variable',
    withEntry({ ...ok, args: ['${NOPE}'] }),
    /:6: .*args\[0\]: the environment variable NOPE is not set/,
  ],
  [
    'wrong variable',
    withEntry({ ...ok, args: ['${1A}'] }),
    /expected \$\{NAME\} or \$\{NAME:-default\}, found \$\{1A\}/,
  ],
  ['prototype as a variable', withEntry({ ...ok, args: ['${constructor}'] }), /variable constructor is not set/],
  [
    'url',
    withEntry({ url: 'https://x' }),
    /:4: .*url: expected a server that is started with "command", found a "url"/,
  ],
  ['url and command', withEntry({ ...ok, url: 'http://x' }), /found a "url"\. Remote servers are not supported/],
  ['type http', withEntry({ ...ok, type: 'http' }), /found the type "http"/],
  [
    'unknown data type',
    dpa({ dataType: 'tabula' }),
    /expected "tabular" or .*found "tabula"\. Did you mean "tabular"\?/,
  ],
  ['unknown effect', dpa({ effects: { query: 'rea' } }), /effects\.query: .*Did you mean "read"\?/],
  ['level as text', dpa({ securityLevel: '1' }), /securityLevel: expected a (?:whole )?number, found "1"/],
  ['level too high', dpa({ securityLevel: 4 }), /a number of at most 3, found 4/],
  ['negative timeout', dpa({ timeoutMs: -1 }), /a number of at least 1, found -1/],
  ['fractional timeout', dpa({ timeoutMs: 1.5 }), /expected a whole number, found 1\.5/],
  ['endless timeout', '{"mcpServers": {"a": {"command": "b", "dpa": {"timeoutMs": 1e400}}}}', /timeoutMs: expected/],
  ['egress wildcard', dpa({ egress: ['*.example.com:443'] }), /egress\[0\]: expected "host:port"/],
  ['egress upper case', dpa({ egress: ['DB:5432'] }), /in lower case without wildcards/],
  ['egress port 0', dpa({ egress: ['db:0'] }), /expected "host:port"/],
  ['egress port 70000', dpa({ egress: ['db:70000'] }), /expected "host:port"/],
  ['egress twice', dpa({ egress: ['db:1', 'db:1'] }), /egress\[1\]: "db:1" stands in the list twice/],
  ['fallback unknown', dpa({ fallbackFor: ['lak'] }), /names no server of this file: "lak"\. Did you mean "lake"\?/],
  ['fallback for itself', dpa({ fallbackFor: 'lake' }), /goes round in a circle back to "lake"/],
  ['fallback as a number', dpa({ fallbackFor: 1 }), /expected text or a list of texts, found 1/],
  ['name with a space', '{"mcpServers": {"my lake": {"command": "a"}}}', /expected a name of 1 to 32 letters/],
  ['name with __', '{"mcpServers": {"my__lake": {"command": "a"}}}', /joined by single "_"/],
  ['name too long', `{"mcpServers": {"${'a'.repeat(65)}": {"command": "a"}}}`, /expected a name of 1 to 32 letters/],
  ['names by case', '{"mcpServers": {"a": {"command": "a"}, "A": {"command": "a"}}}', /differs from "A" only by/],
  ['more than a megabyte', ' '.repeat(1_000_001), /expected at most 1000000 bytes, found 1000001/],
])('refused: %s', (_name, text, message) => {
  const startedAt = performance.now();
  const problem = problemOf(text);
  expect(problem).toMatch(message);
  expect(problem.startsWith(FILE)).toBe(true);
  expect(problem.length).toBeLessThan(600);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test('several problems are told at once, each with its place', () => {
  const lines = problemOf(withEntry({ ...ok, args: [1], cmd: 'x' })).split('\n');
  expect(lines).toEqual([expect.stringContaining('args[0]'), expect.stringContaining('cmd')]);
  expect(lines.every((line) => line.startsWith(`${FILE}:`))).toBe(true);
});

test('the configuration that comes with the program is valid', async () => {
  const { readServerConfig } = await import('../../src/tools/server-config-file.ts');
  const root = path.join(import.meta.dirname, '../..');
  const [lake, ...others] = await readServerConfig(path.join(root, 'mcp_servers_config.json'), {}, '/srv');
  expect(others).toEqual([]);
  expect(lake).toMatchObject({ name: 'data_lake', command: process.execPath, cwd: root, readPaths: ['/srv/data'] });
});

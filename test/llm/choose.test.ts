/** Which model is used: the named one, else a key's, else one local server's, else the built-in planner. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chooseModel, noModelNote, smallestWindowTokens } from '../../src/llm/choose.ts';
import { endpointsFrom } from '../../src/llm/endpoints.ts';
import { anyModel, type ModelPolicy } from '../../src/llm/model-policy.ts';

const openAi = { OPENAI_API_KEY: 'sk-proj-0123456789abcdef' };
const anthropic = { ANTHROPIC_API_KEY: 'sk-ant-0123456789abcdef' };

/** Port 9 is nobody's: nothing of the machine that runs the tests is asked. */
const nowhere = { OLLAMA_HOST: '127.0.0.1:9', DPA_LOCAL_BASE_URL: 'http://127.0.0.1:9/v1' };

const choose = (environment: Record<string, string>, named = 'auto') =>
  chooseModel(named, endpointsFrom({ ...nowhere, ...environment }, '/'));

const under = (policy: Partial<ModelPolicy>, environment: Record<string, string>, named = 'auto') =>
  chooseModel(named, endpointsFrom({ ...nowhere, ...environment }, '/', { ...anyModel, ...policy }));

const servers: Server[] = [];

afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** Answers these paths with JSON, a text with itself, and the rest with 404. */
async function serving(pages: Record<string, unknown>): Promise<{ OLLAMA_HOST: string }> {
  const server = createServer((request, response) => {
    const page = pages[request.url ?? ''];
    if (page === undefined) response.statusCode = 404;
    response.end(typeof page === 'string' ? page : JSON.stringify(page ?? {}));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { OLLAMA_HOST: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const list = (...ids: string[]) => ({ object: 'list', data: ids.map((id) => ({ id })) });

test('a key decides, OpenAI before Anthropic, the planner last', async () => {
  expect((await choose({ ...openAi, ...anthropic })).candidates).toEqual([
    'openai/gpt-6.1-sol',
    'anthropic/claude-sonnet-5-5',
    'builtin',
  ]);
  expect((await choose(anthropic)).candidates).toEqual(['anthropic/claude-sonnet-5-5', 'builtin']);
});

test('neither key nor server: the built-in planner, and one line says so', async () => {
  expect(await choose({})).toEqual({ candidates: ['builtin'], notes: [noModelNote] });
});

test.each([
  ['openai', 'OPENAI_API_KEY'],
  ['anthropic', 'ANTHROPIC_API_KEY'],
])('an empty key of %s is one sentence that says where to set it, named or not', async (provider, variable) => {
  const { candidates, notes } = await choose({ [variable]: '' });
  expect(candidates).toEqual(['builtin']);
  expect(notes).toEqual([
    expect.stringMatching(`^${variable} is set, but empty: .*Set ${variable} .*unset it`),
    noModelNote,
  ]);
  await expect(choose({ [variable]: '' }, `${provider}/some-model`)).rejects.toMatchObject({
    message: expect.stringMatching(`${variable}, it is set, but empty`),
  });
  await expect(choose({}, `${provider}/some-model`)).rejects.toMatchObject({
    message: expect.stringMatching(`${variable}, it is not set`),
  });
});

test('a wrong key is told, not passed over', async () => {
  const chosen = choose({ OPENAI_API_KEY: 'your-key' });
  await expect(chosen).rejects.toMatchObject({ type: 'Config.Invalid', message: expect.stringMatching(/placeholder/) });
});

test('one local model is used and announced', async () => {
  const ollama = await serving({ '/v1/models': list('qwen3', 'nomic-embed-text') });
  expect(await choose(ollama)).toEqual({
    candidates: ['ollama/qwen3', 'builtin'],
    notes: [expect.stringContaining('ollama/qwen3')],
  });
});

test('of several local models none is guessed', async () => {
  const ollama = await serving({ '/v1/models': list('a', 'b') });
  const { candidates, notes } = await choose(ollama);
  expect(candidates).toEqual(['builtin']);
  expect(notes[0]).toMatch(/ollama\/a, ollama\/b.*--model/);
});

test.each([
  ['a web page', '<html>Airflow</html>'],
  ['JSON of another kind', { status: 'healthy' }],
  ['a list without ids', { object: 'list', data: [{}] }],
  ['a list of nothing', { object: 'list', data: [] }],
])('what answers %s is no model server', async (_, page) => {
  const other = await serving({ '/v1/models': page });
  expect((await choose(other)).candidates).toEqual(['builtin']);
});

describe('a local model that reads too little for the tools', () => {
  const pages = {
    '/v1/models': list('tiny'),
    '/api/ps': { models: [{ name: 'tiny:latest', context_length: 4_096 }] },
    '/api/show': { parameters: 'temperature 1\nnum_ctx 32768' },
  };

  test('is refused when it is named', async () => {
    const chosen = choose(await serving(pages), 'ollama/tiny');
    await expect(chosen).rejects.toThrow(/reads 4096 tokens .* 16384 .*OLLAMA_CONTEXT_LENGTH/);
  });

  test('is passed over when it is not', async () => {
    const { candidates, notes } = await choose(await serving(pages));
    expect(candidates).toEqual(['builtin']);
    expect(notes[0]).toMatch(/4096/);
  });

  test('is taken when its file sets enough', async () => {
    expect(smallestWindowTokens).toBeLessThan(32_768);
    const { candidates } = await choose(await serving({ ...pages, '/api/ps': { models: [] } }), 'ollama/tiny');
    expect(candidates).toEqual(['ollama/tiny', 'builtin']);
  });
});

describe('behind an own address', () => {
  const at = async (...ids: string[]) => {
    const { OLLAMA_HOST } = await serving({ '/v1/models': list(...ids) });
    return choose({ ...openAi, OPENAI_BASE_URL: `http://${OLLAMA_HOST}/v1` });
  };

  test.each([
    [['x', 'gpt-6.1-sol'], 'openai/gpt-6.1-sol'],
    [['only-one'], 'openai/only-one'],
    [[], 'openai/gpt-6.1-sol'],
  ])('of %j it is %s', async (ids, first) => {
    expect((await at(...ids)).candidates).toEqual([first, 'builtin']);
  });

  test('several others: none is guessed', async () => {
    await expect(at('x', 'y')).rejects.toThrow(/2 other models \(openai\/x, openai\/y\)\. Name one with --model/);
  });
});

describe('a named model', () => {
  test('comes first; other companies follow only where their key is set', async () => {
    expect((await choose({ ...openAi, ...anthropic }, 'anthropic/claude-opus-5-5')).candidates).toEqual([
      'anthropic/claude-opus-5-5',
      'openai/gpt-6.1-sol',
      'builtin',
    ]);
    expect((await choose(openAi, 'builtin')).candidates).toEqual(['builtin']);
  });

  test('on this machine is never followed by a company', async () => {
    expect((await choose({ ...openAi, ...anthropic }, 'local/m')).candidates).toEqual(['local/m', 'builtin']);
  });

  test('without its key says where to set it', async () => {
    await expect(choose({ OPENAI_API_KEY: '' }, 'openai/gpt-6-luna')).rejects.toThrow(/OPENAI_API_KEY.*_FILE/);
  });

  test.each([
    ['gpt-6-luna', /openai\/gpt-6-luna/],
    ['openia/gpt-6-luna', /openai\/gpt-6-luna/],
    ['claude-opus-55', /anthropic\/claude-opus-5-5/],
    ['anthropic', /openai\/ID, anthropic\/ID/],
    ['buitlin', /builtin/],
  ])('%s is unknown: the nearest names', async (named, words) => {
    const chosen = choose(openAi, named);
    await expect(chosen).rejects.toMatchObject({ type: 'Model.Unknown', message: expect.stringMatching(words) });
  });
});

describe('what the project says', () => {
  const both = { ...openAi, ...anthropic };

  test('its order counts, what has no key is passed over, the planner stays where it was put', async () => {
    const order = ['anthropic/claude-opus-5-5', 'openai/gpt-5.5', 'builtin'];
    expect((await under({ order }, both)).candidates).toEqual(order);
    expect((await under({ order }, openAi)).candidates).toEqual(['openai/gpt-5.5', 'builtin']);
    expect((await under({ order: ['builtin'] }, both)).candidates).toEqual(['builtin']);
  });

  test('a provider that is excluded never takes over, and is not used when it is named', async () => {
    expect((await under({ exclude: ['openai'] }, both)).candidates).toEqual(['anthropic/claude-sonnet-5-5', 'builtin']);
    const named = await under({ exclude: ['openai'] }, both, 'anthropic/claude-opus-5-5');
    expect(named.candidates).toEqual(['anthropic/claude-opus-5-5', 'builtin']);
    await expect(under({ exclude: ['openai'] }, both, 'openai/gpt-5.5')).rejects.toMatchObject({
      type: 'Config.Invalid',
      message: expect.stringContaining('models.exclude in dpa.yaml'),
    });
  });

  test('one model can be excluded, the planner too', async () => {
    const policy = { exclude: ['openai/gpt-6.1-sol', 'builtin'] };
    expect((await under(policy, both)).candidates).toEqual(['anthropic/claude-sonnet-5-5']);
  });

  test("a wrong key of an excluded provider is nobody's concern", async () => {
    const chosen = await under({ exclude: ['openai'] }, { OPENAI_API_KEY: 'your-key', ...anthropic });
    expect(chosen.candidates).toEqual(['anthropic/claude-sonnet-5-5', 'builtin']);
  });
});

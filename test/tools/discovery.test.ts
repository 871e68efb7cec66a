import { toolServer } from '../support/tool-servers.ts';
import { withConnections } from '../support/with-connections.ts';
import type { TestWorld } from '../support/with-connections.ts';

function discovered(behaviour: string, test: (world: TestWorld) => Promise<void>): Promise<void> {
  return withConnections([toolServer('misbehaving', [behaviour])], { closeGraceMs: 50 }, test);
}

test('a bad definition hides only itself and is named with its problem', async () => {
  await discovered('oddTools', async ({ connections, failureOf }) => {
    const { tools, problems } = await connections.catalog([]);
    expect(tools.map(({ tool }) => tool)).toEqual(['brokenOutput', 'good', 'long']);
    const problemOf = (tool: string): string | undefined => problems.find((problem) => problem.tool === tool)?.problem;
    expect(problemOf('noSchema')).toContain('not an object');
    expect(problemOf('listSchema')).toContain('not an object');
    expect(problemOf('textSchema')).toContain('"type": "object"');
    expect(problemOf('brokenSchema')).toContain('inputSchema cannot be used');
    expect(problemOf('remoteRef')).toContain('none is ever fetched');
    expect(problemOf('danglingRef')).toContain("can't resolve reference");
    expect(problemOf('deep')).toContain('nests deeper than 32 levels');
    expect(problemOf('wide')).toContain('at most 65536 are read');
    expect(problemOf('with space')).toContain('letters, digits');
    expect(problemOf('semi/slash')).toContain('letters, digits');
    expect(problemOf('')).toContain('letters, digits');
    expect(problemOf('twice')).toContain('more than once');
    expect(problems.filter(({ problem }) => problem.includes('without a name'))).toHaveLength(2);
    expect((await failureOf('misbehaving__deep')).message).toContain('nests deeper');
  });
});

test('descriptions are short and have nothing invisible', async () => {
  await discovered('oddTools', async ({ connections }) => {
    const { tools } = await connections.catalog([]);
    const description = tools.find(({ tool }) => tool === 'long')?.description ?? '';
    expect(description.startsWith('evilé')).toBe(true);
    expect(Buffer.byteLength(description)).toBeLessThanOrEqual(2_048);
    expect(description).not.toContain('\ufffd');
  });
});

test.each([
  ['repeatedCursor', /repeats a cursor/],
  ['endlessPages', /more than 50 pages/],
  ['manyTools', /more than 500 tools/],
  ['noList', /without a list of tools/],
])('%s: discovery ends and says why', async (behaviour, problem) => {
  await discovered(behaviour, async ({ connections }) => {
    const { problems } = await connections.catalog([]);
    expect(problems.map((found) => found.problem).join('\n')).toMatch(problem);
  });
});

test('an evil pattern is shown to the model but never run, neither on arguments nor on results', async () => {
  await discovered('evilPattern', async ({ connections, call }) => {
    const { tools } = await connections.catalog([]);
    expect(JSON.stringify(tools[0]?.inputSchema)).toContain('(a|a)*');
    const startedAt = performance.now();
    expect(await call('misbehaving__work', { text: `${'a'.repeat(40)}!` })).toMatchObject({ ok: true });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

test('a schema whose check would take for ever is stopped', async () => {
  await discovered('doublingSchema', async ({ connections, failureOf }) => {
    await connections.catalog([]);
    const startedAt = performance.now();
    expect(await failureOf('misbehaving__work', { text: 'a' })).toMatchObject({ type: 'Tool.InvalidArguments' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

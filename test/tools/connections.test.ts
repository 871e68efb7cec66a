import { waitUntilGone } from '../../src/processes/running.ts';
import { openConnections } from '../../src/tools/connections.ts';
import { toolServer } from '../support/tool-servers.ts';
import { withConnections } from '../support/with-connections.ts';

const ordinary = toolServer('ordinary', [], { effects: { fails: 'admin', exits: 'deny' } });

test('the catalog lists the tools by name with the effect each has', async () => {
  await withConnections([ordinary], {}, async ({ connections }) => {
    const { tools, problems } = await connections.catalog([]);
    expect(problems).toEqual([]);
    const names = tools.map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    expect(names).not.toContain('ordinary__exits');
    const effects = Object.fromEntries(tools.map(({ tool, effect, idempotent }) => [tool, `${effect} ${idempotent}`]));
    expect(effects).toMatchObject({
      echo: 'read true',
      pid: 'read true',
      plain: 'write true',
      big: 'write false',
      fails: 'admin false',
    });
    expect(tools.find(({ tool }) => tool === 'echo')).toMatchObject({
      name: 'ordinary__echo',
      server: 'ordinary',
      description: 'does echo',
      inputSchema: { type: 'object', required: ['text'] },
    });
  });
});

test('a call sends the arguments with the idempotency key and brings the structured content back', async () => {
  await withConnections([ordinary], {}, async ({ call }) => {
    const { ok, text } = await call('ordinary__echo', { text: 'hello' }, { key: 'analysis-1/7' });
    expect(ok).toBe(true);
    expect(JSON.parse(text)).toEqual({
      ok: true,
      meta: { 'dpa/idempotencyKey': 'analysis-1/7' },
      echo: { text: 'hello' },
    });
  });
});

test('results become canonical text: sorted keys, no invisible characters, plain text as {text}', async () => {
  await withConnections([ordinary], {}, async ({ call }) => {
    expect(await call('ordinary__plain')).toEqual({ ok: true, text: '{"text":"only text"}' });
    expect(await call('ordinary__unordered')).toEqual({ ok: true, text: '{"a":null,"b":[{"a":2,"z":1}]}' });
    expect(JSON.parse((await call('ordinary__dirty')).text)).toEqual({ text: 'a[31mbcd\ufffde\tf\n' });
    expect(JSON.parse((await call('ordinary__picture')).text)).toEqual({ text: '[image, not shown]' });
  });
});

test("a tool's own error is an outcome, not a failure", async () => {
  await withConnections([ordinary], {}, async ({ call }) => {
    expect(await call('ordinary__fails')).toEqual({ ok: false, text: '{"text":"the table is gone"}' });
  });
});

test.each([
  ['nested', {}, 'Tool.Malformed', /at most 64 nested levels/],
  ['oddContent', {}, 'Tool.Malformed', /"content" to be a list, found a string/],
  ['big', { bytes: 1_100_000 }, 'Tool.ResultTooLarge', /at most 1048576 bytes.*found 1100011 bytes.*[Aa]ggregate/s],
  ['exits', {}, 'Tool.Denied', /denied by "effects"/],
  ['ech', {}, 'Tool.Unknown', /nearest: ordinary__echo/],
  ['echo', {}, 'Tool.InvalidArguments', /"text" is missing/],
  ['echo', { text: 1 }, 'Tool.InvalidArguments', /text: must be string/],
  ['echo', { txt: 'a' }, 'Tool.InvalidArguments', /"txt" is not known \(did you mean "text"\?\)/],
  ['echo', { text: 'a', times: 0 }, 'Tool.InvalidArguments', /times: must be >= 1/],
  ['echo', { text: 'a'.repeat(300_000) }, 'Tool.InvalidArguments', /at most 262144 are sent/],
])('%s %#: a final failure that says what to do', async (tool, input, type, message) => {
  await withConnections([ordinary], {}, async ({ failureOf }) => {
    const failure = await failureOf(`ordinary__${tool}`, input);
    expect(failure).toMatchObject({ type, retryable: false });
    expect(failure.message).toMatch(message);
  });
});

test('an unknown server is named with the known ones', async () => {
  await withConnections([ordinary], {}, async ({ failureOf, pids }) => {
    expect((await failureOf('ordinari__echo')).message).toContain('ordinary__');
    expect(await failureOf('no_prefix')).toMatchObject({ type: 'Tool.Unknown', retryable: false });
    expect(pids()).toEqual([]);
  });
});

test('a child sees only the safe variables, what its entry declares and the paths of the data', async () => {
  const server = { ...ordinary, readPaths: ['/srv/own'], env: { DECLARED: 'yes' } };
  await withConnections([server], {}, async ({ call }) => {
    const known = ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER', 'DECLARED', 'DPA_DATA_PATHS', 'TEST_PIDS'];
    const own: Record<string, string> = JSON.parse((await call('ordinary__environment')).text);
    expect(Object.keys(own).filter((name) => !known.includes(name))).toEqual([]);
    expect(own).toMatchObject({ DECLARED: 'yes', DPA_DATA_PATHS: '["/srv/own"]' });
    const given = await call('ordinary__environment', {}, { dataPaths: ['/srv/a.csv', '/srv/b'] });
    expect(JSON.parse(given.text)).toMatchObject({ DPA_DATA_PATHS: '["/srv/a.csv","/srv/b"]' });
  });
});

test('one process per server and data; a server that reads no data is shared by all', async () => {
  const reader = { ...ordinary, name: 'reader', readPaths: ['/srv'] };
  await withConnections([ordinary, reader], {}, async ({ call }) => {
    const pidOf = async (tool: string, dataPaths: string[]): Promise<string> =>
      (await call(tool, {}, { dataPaths })).text;
    const [first, again, other] = await Promise.all([
      pidOf('reader__pid', ['/a']),
      pidOf('reader__pid', ['/a']),
      pidOf('reader__pid', ['/b']),
    ]);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(await pidOf('ordinary__pid', ['/a'])).toBe(await pidOf('ordinary__pid', ['/b']));
  });
});

test('a server that fails is listed with its problem and the others work', async () => {
  const broken = toolServer('misbehaving', ['crashAtStart']);
  await withConnections([broken, ordinary], {}, async ({ connections }) => {
    const { tools, problems } = await connections.catalog([]);
    expect(tools.length).toBeGreaterThan(5);
    expect(problems).toEqual([
      { server: 'misbehaving', problem: expect.stringContaining('cannot open the license file') },
    ]);
  });
});

test('an effect for a tool that does not exist is reported with the nearest one', async () => {
  await withConnections([{ ...ordinary, effects: { exit: 'deny' } }], {}, async ({ connections }) => {
    const { problems } = await connections.catalog([]);
    expect(problems).toEqual([
      { server: 'ordinary', tool: 'exit', problem: expect.stringContaining('did you mean "exits"?') },
    ]);
  });
});

test('an idle process is closed and comes back when it is needed', async () => {
  await withConnections([ordinary], { idleMs: 20 }, async ({ call, pids }) => {
    await call('ordinary__plain');
    const [first] = pids();
    expect(await waitUntilGone(Number(first), 10_000)).toBe(true);
    await call('ordinary__plain');
    expect(pids()).toHaveLength(2);
  });
});

test('the pool is bounded: the longest idle process makes room, and none in use is closed', async () => {
  const reader = { ...ordinary, readPaths: ['/srv'] };
  await withConnections([reader], { connections: 2 }, async ({ call, pids }) => {
    for (const name of ['/a', '/b', '/c']) await call('ordinary__plain', {}, { dataPaths: [name] });
    expect(pids()).toHaveLength(3);
  });
  const hanging = toolServer('misbehaving', ['hangsInCall'], { readPaths: ['/srv'] });
  await withConnections([hanging], { connections: 1, closeGraceMs: 50 }, async ({ call, failureOf, connections }) => {
    await connections.catalog(['/a']);
    const abort = new AbortController();
    const held = call('misbehaving__work', {}, { dataPaths: ['/a'], signal: abort.signal });
    held.catch(() => undefined);
    expect(await failureOf('misbehaving__work', {}, { dataPaths: ['/b'] })).toMatchObject({
      type: 'Tool.Unavailable',
      retryable: true,
    });
    abort.abort();
    await expect(held).rejects.toMatchObject({ type: 'Tool.Cancelled' });
  });
});

test('nothing is started before it is needed, and nothing after the end', async () => {
  const connections = openConnections([ordinary]);
  await connections[Symbol.asyncDispose]();
  expect((await connections.catalog([])).problems).toEqual([
    { server: 'ordinary', problem: expect.stringContaining('closed') },
  ]);
});

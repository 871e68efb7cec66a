import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitUntilGone } from '../../src/processes/running.ts';
import { toolServer } from '../support/tool-servers.ts';
import { withConnections } from '../support/with-connections.ts';

const WORK = 'misbehaving__work';
const small = { closeGraceMs: 50, pingMs: 200, backoffMs: 5 };

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'dpa-tools-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ['crashAtStart', /ended with exit code 7; its last words: cannot open the license file/],
  ['neverInitializes', /did not answer within its start limit of 300 ms/],
  ['wrongVersion', /not the protocol \(.*1999-01-01/],
  ['refusesList', /protocol error -32601: no such method/],
])('%s: the server is unavailable, in one sentence', async (behaviour, message) => {
  const limits = { ...small, startMs: behaviour === 'neverInitializes' ? 300 : 20_000 };
  await withConnections([toolServer('misbehaving', [behaviour])], limits, async ({ failureOf }) => {
    const failure = await failureOf(WORK);
    expect(failure).toMatchObject({ type: 'Tool.Unavailable', retryable: true });
    expect(failure.message).toMatch(message);
    expect(failure.message).not.toMatch(/\n|\bat \w+ \(/);
  });
});

test.each([
  ['no-such-program-anywhere', /found no program "no-such-program-anywhere" on the PATH/],
  ['/no/such/program', /\/no\/such\/program does not exist/],
  ['node server.js', /no shell reads it, its words go into "args"/],
  [path.join(import.meta.dirname, 'misbehaving-servers.test.ts'), /is not executable/],
])('the command %s cannot be run: a final failure', async (command, message) => {
  await withConnections([toolServer('misbehaving', [], { command })], small, async ({ failureOf }) => {
    const failure = await failureOf(WORK);
    expect(failure).toMatchObject({ type: 'Tool.Unavailable', retryable: false });
    expect(failure.message).toMatch(message);
  });
});

test('a working folder that does not exist is named', async () => {
  await withConnections([toolServer('misbehaving', [], { cwd: '/no/such/folder' })], small, async ({ failureOf }) => {
    expect((await failureOf(WORK)).message).toContain('working folder /no/such/folder is no folder');
  });
});

test.each([
  ['flood', 'Tool.ResultTooLarge', /at most 1048576 bytes/],
  ['fiftyMegabytes', 'Tool.ResultTooLarge', /at most 1048576 bytes/],
  ['garbage', 'Tool.Crashed', /more than 100 lines to stdout that are no JSON-RPC/],
  ['notifications', 'Tool.Crashed', /more than 1000 notifications in a second/],
  ['halfAnAnswer', 'Tool.Crashed', /exit code 0/],
])('%s: the call fails at once, memory stays bounded and the process is gone', async (behaviour, type, message) => {
  const before = process.memoryUsage.rss();
  // Longer than the test may take: only a failure at once passes.
  await withConnections(
    [toolServer('misbehaving', [behaviour], { timeoutMs: 60_000 })],
    small,
    async ({ failureOf }) => {
      const failure = await failureOf(WORK);
      expect(failure).toMatchObject({ type });
      expect(failure.message).toMatch(message);
    },
  );
  expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
});

test('a call past its time fails then; a server that still answers a ping is kept', async () => {
  const server = toolServer('misbehaving', ['hangsInCall'], { timeoutMs: 150 });
  await withConnections([server], { ...small, pingMs: 10_000 }, async ({ failureOf, pids }) => {
    const failure = await failureOf(WORK);
    expect(failure).toMatchObject({ type: 'Tool.Timeout', retryable: false });
    expect(failure.message).toContain('within 150 ms');
    await failureOf(WORK);
    expect(pids()).toHaveLength(1);
  });
});

test('a frozen server is killed after its call timed out, and started again for the next', async () => {
  const server = toolServer('misbehaving', ['freezesInCall'], { timeoutMs: 100 });
  await withConnections([server], { ...small, pingMs: 100 }, async ({ failureOf, connections, pids }) => {
    expect(await failureOf(WORK)).toMatchObject({ type: 'Tool.Timeout' });
    const [frozen] = pids();
    expect(await waitUntilGone(Number(frozen), 10_000)).toBe(true);
    expect((await connections.catalog([])).tools).toHaveLength(1);
  });
});

test('fifty hung calls at once leave no slot behind', async () => {
  const server = toolServer('misbehaving', ['hangsInCall'], { timeoutMs: 100 });
  await withConnections([server], { ...small, pingMs: 10_000 }, async ({ failureOf, connections, pids }) => {
    await connections.catalog([]);
    const failures = await Promise.all(Array.from({ length: 50 }, () => failureOf(WORK)));
    expect(new Set(failures.map(({ type }) => type))).toEqual(new Set(['Tool.Timeout']));
    expect(pids()).toHaveLength(1);
  });
});

test('a cancelled call rejects at once', async () => {
  const server = toolServer('misbehaving', ['hangsInCall'], { timeoutMs: 60_000 });
  await withConnections([server], small, async ({ call, connections }) => {
    await connections.catalog([]);
    const abort = new AbortController();
    const held = call(WORK, {}, { signal: abort.signal });
    abort.abort();
    await expect(held).rejects.toMatchObject({ type: 'Tool.Cancelled', retryable: false });
    await expect(call(WORK, {}, { signal: abort.signal })).rejects.toMatchObject({ type: 'Tool.Cancelled' });
  });
});

test('a start is not waited for by a cancelled call, and ends with the connections', async () => {
  await withConnections(
    [toolServer('misbehaving', ['neverInitializes'])],
    { ...small, startMs: 400 },
    async ({ call }) => {
      const abort = new AbortController();
      const held = call(WORK, {}, { signal: abort.signal });
      abort.abort();
      await expect(held).rejects.toMatchObject({ type: 'Tool.Cancelled' });
    },
  );
});

test('closing does not wait for a server that never starts, nor for the wait before a restart', async () => {
  const never = { ...small, startMs: 60_000 };
  await withConnections(
    [toolServer('misbehaving', ['neverInitializes'])],
    never,
    async ({ call, connections, pids }) => {
      const held = call(WORK).catch((error: unknown) => error);
      while (pids().length === 0) await new Promise(setImmediate);
      await connections[Symbol.asyncDispose]();
      expect(await held).toMatchObject({ type: 'Tool.Unavailable' });
    },
  );
  const slow = { ...small, backoffMs: 60_000, maxBackoffMs: 60_000 };
  await withConnections(
    [toolServer('misbehaving', ['crashAtStart'])],
    slow,
    async ({ call, failureOf, connections }) => {
      await failureOf(WORK);
      const held = call(WORK).catch((error: unknown) => error);
      await connections[Symbol.asyncDispose]();
      expect(await held).toMatchObject({ type: 'Tool.Unavailable', message: expect.stringContaining('closed') });
    },
  );
});

test('progress reaches the caller while the call runs', async () => {
  await withConnections([toolServer('misbehaving', ['progress'])], small, async ({ call }) => {
    const { promise: seen, resolve } = Promise.withResolvers<void>();
    const first = call(WORK, {}, { onProgress: resolve });
    await seen;
    await call(WORK);
    expect(await first).toEqual({ ok: true, text: '{"text":"done"}' });
  });
});

test('a crash in a call that may be repeated is retryable, in one that writes it is not', async () => {
  await withConnections([toolServer('misbehaving', ['crashInCall'])], small, async ({ failureOf }) => {
    expect(await failureOf('misbehaving__read')).toMatchObject({ type: 'Tool.Crashed', retryable: true });
    const failure = await failureOf(WORK);
    expect(failure).toMatchObject({ type: 'Tool.Crashed', retryable: false });
    expect(failure.message).toContain('exit code 9');
  });
});

test('after a crash the next call gets a new process', async () => {
  const server = toolServer('misbehaving', ['crashOnce'], { env: { TEST_MARKER: path.join(folder, 'crashed') } });
  await withConnections([server], small, async ({ call, failureOf, connections }) => {
    expect((await connections.catalog([])).tools).toHaveLength(1);
    expect(await failureOf(WORK)).toMatchObject({ type: 'Tool.Crashed' });
    expect(await call(WORK)).toEqual({ ok: true, text: '{"text":"done"}' });
  });
});

test('an effect done before a crash is not done again under the same key', async () => {
  const ledger = path.join(folder, 'ledger');
  await withConnections(
    [toolServer('ledger', [], { env: { TEST_LEDGER: ledger } })],
    small,
    async ({ call, failureOf }) => {
      expect(await failureOf('ledger__record', { crash: true }, { key: 'step-1' })).toMatchObject({ retryable: true });
      await call('ledger__record', { crash: true }, { key: 'step-1' });
      await call('ledger__record', {}, { key: 'step-2' });
      expect(readFileSync(ledger, 'utf8')).toBe('step-1\nstep-2\n');
    },
  );
});

test('a crash ends the descendants too', async () => {
  await withConnections([toolServer('misbehaving', ['grandchild'])], small, async ({ failureOf, pids }) => {
    expect(await failureOf(WORK)).toMatchObject({ type: 'Tool.Crashed' });
    expect(pids()).toHaveLength(2);
  });
});

test.each(['fewGarbageLines', 'loud'])('%s: a server that only talks too much still works', async (behaviour) => {
  await withConnections([toolServer('misbehaving', [behaviour])], small, async ({ call }) => {
    expect(await call(WORK)).toEqual({ ok: true, text: '{"text":"fine"}' });
  });
});

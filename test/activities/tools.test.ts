import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledFailure } from '@temporalio/common';

import type { CallToolInput } from '../../src/activities/contract.ts';
import { ToolFailure, type ToolFailureType } from '../../src/tools/failures.ts';
import { maxInlineResultBytes } from '../../src/store/result-text.ts';
import { activityEnvironment, runActivity } from '../support/activity-environment.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
import {
  queryTool,
  scriptedConnections,
  tableResult,
  toolNamed,
  type ScriptedServers,
} from '../support/scripted-connections.ts';
import { reply, scriptedModel } from '../support/scripted-model.ts';

const writeTool = toolNamed('lake__write', 'write');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-tools-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A conversation whose last turn asks for the call `c1`. */
async function asked(servers: ScriptedServers, name = 'lake__query', input: object = { sql: 'SELECT 1' }) {
  const world = activityWorld(folder, scriptedModel([]), scriptedConnections(servers));
  const catalog = await world.store.put(JSON.stringify({ tools: [queryTool], problems: [], data: ['/sales.csv'] }));
  const { message } = reply('', [{ id: 'c1', name, arguments: { ...input } }]);
  const head = await world.dependencies.transcript.append(null, message);
  const call: CallToolInput = { session: 'a', head, catalog, callId: 'c1', name };
  return { world, call };
}

function run(world: ActivityWorld, input: CallToolInput, environment?: ReturnType<typeof activityEnvironment>) {
  return runActivity(world.activities.callTool, input, environment);
}

test('the arguments come from the conversation, the data from the catalogue', async () => {
  const { world, call } = await asked({ answers: { lake__query: [tableResult(3)] } });
  const result = await run(world, call);
  expect(result).toMatchObject({ callId: 'c1', ok: true, preview: '1 row, 1 ms' });
  expect(await world.store.get(result.ref)).toBe(tableResult(3).text);
  expect(world.connections.calls).toMatchObject([
    {
      tool: 'lake__query',
      arguments: { sql: 'SELECT 1' },
      dataPaths: ['/sales.csv'],
      idempotencyKey: `a/${call.head.slice(0, 16)}/c1`,
    },
  ]);
});

test('a call that was answered is not made again', async () => {
  const { world, call } = await asked({ answers: { lake__query: [tableResult(3)] } });
  expect(await run(world, call)).toEqual(await run(world, call));
  world.connections.assertUsedUp();
});

test('a call whose stored result is torn is made again, and the store heals', async () => {
  const { world, call } = await asked({ answers: { lake__query: [tableResult(3), tableResult(3)] } });
  const first = await run(world, call);
  world.store.content.set(first.ref, 'torn');
  expect(await run(world, call)).toEqual(first);
  expect(await world.store.get(first.ref)).toBe(tableResult(3).text);
  world.connections.assertUsedUp();
});

test('an error that the tool itself reports is a result', async () => {
  const text = JSON.stringify({ ok: false, error: { message: 'no such table: sale. Did you mean sales?' } });
  const { world, call } = await asked({ answers: { lake__query: [{ ok: false, text }] } });
  expect(await run(world, call)).toMatchObject({
    ok: false,
    preview: 'failed: no such table: sale. Did you mean sales?',
  });
});

test('a call that is not in the conversation is refused', async () => {
  const { world, call } = await asked({ answers: {} });
  const other = run(world, { ...call, callId: 'c9' });
  await expect(other).rejects.toMatchObject({ type: 'Tool.Unknown', nonRetryable: true });
});

test.each<[ToolFailureType, boolean]>([
  ['Tool.Unavailable', true],
  ['Tool.Crashed', true],
  ['Tool.Crashed', false],
  ['Tool.Timeout', false],
  ['Tool.ResultTooLarge', false],
])('%s (may be repeated: %s) is final for the service and left to the workflow', async (type, retryable) => {
  const failure = new ToolFailure(type, 'why', { retryable });
  const { world, call } = await asked({ answers: { lake__query: [failure] } });
  await expect(run(world, call)).rejects.toMatchObject({
    type,
    message: 'why',
    nonRetryable: true,
    details: [{ mayRetry: retryable }],
  });
  expect(world.journal.entries.size).toBe(0);
});

/** A conversation whose last turn asks for a write. */
async function askedToWrite(servers: ScriptedServers) {
  const { world, call } = await asked({ ...servers, tools: [writeTool] }, 'lake__write');
  const catalog = await world.store.put(JSON.stringify({ tools: [writeTool], problems: [], data: [] }));
  return { world, call: { ...call, catalog } };
}

test('a call that may not be made twice is marked before it is sent; a mark without a result is an unknown outcome', async () => {
  let marksBefore = 0;
  const { world, call } = await askedToWrite({
    answers: {
      lake__write: () => {
        marksBefore = world.journal.entries.size;
        return Promise.reject(new ToolFailure('Tool.Crashed', 'why', { retryable: false }));
      },
    },
  });
  const unknown = { type: 'Tool.OutcomeUnknown', details: [{ mayRetry: false }] };
  await expect(run(world, call)).rejects.toMatchObject({
    ...unknown,
    message: expect.stringContaining('why') as string,
  });
  expect(marksBefore).toBe(1);
  // Another attempt, also one that a lost worker left behind.
  await expect(run(world, call)).rejects.toMatchObject(unknown);
  expect(world.connections.calls).toHaveLength(1);
});

test('what a person wants run again is run once more and no more; its result is then in the journal', async () => {
  const crash = new ToolFailure('Tool.Crashed', 'why', { retryable: false });
  const { world, call } = await askedToWrite({ answers: { lake__write: [crash, tableResult(1)] } });
  await expect(run(world, call)).rejects.toMatchObject({ type: 'Tool.OutcomeUnknown' });
  expect(await run(world, { ...call, again: 1 })).toMatchObject({ ok: true });
  expect(await run(world, call)).toMatchObject({ ok: true });
  world.connections.assertUsedUp();
});

test('what was never sent is said to be so when it is looked up, and cannot be sent any more', async () => {
  const { world, call } = await askedToWrite({ answers: { lake__write: [tableResult(1)] } });
  await expect(run(world, { ...call, look: true })).rejects.toMatchObject({ type: 'Tool.Cancelled' });
  await expect(run(world, call)).rejects.toMatchObject({ type: 'Tool.OutcomeUnknown' });
  expect(world.connections.calls).toHaveLength(0);
});

test('a cancelled activity aborts the call', async () => {
  const environment = activityEnvironment();
  const { world, call } = await asked({
    answers: {
      lake__query: ({ signal }) =>
        new Promise((_, reject) => {
          const cancelled = new ToolFailure('Tool.Cancelled', 'cancelled', { retryable: false });
          signal.addEventListener('abort', () => reject(cancelled));
          environment.cancel();
        }),
    },
  });
  await expect(run(world, call, environment)).rejects.toBeInstanceOf(CancelledFailure);
});

test('a large result can be read on page by page, each page small enough to be shown whole', async () => {
  const { world, call } = await asked({ answers: {} });
  // Quotes and letters of three bytes make a page larger than its characters.
  const large = JSON.stringify({ text: '"データ" and more '.repeat(2_000) });
  const ref = await world.store.put(large);
  let read = '';
  for (let pages = 0; read.length < large.length; pages++) {
    expect(pages).toBeLessThan(30);
    const { message } = reply('', [{ id: `r${pages}`, name: 'read_result', arguments: { ref, offset: read.length } }]);
    const head = await world.dependencies.transcript.append(call.head, message);
    const result = await run(world, { ...call, head, callId: `r${pages}`, name: 'read_result' });
    const page = await world.store.get(result.ref);
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(maxInlineResultBytes);
    expect(result).toMatchObject({ ok: true, preview: `${Buffer.byteLength(page)} bytes` });
    const { text, nextOffset, totalCharacters } = JSON.parse(page) as Record<string, never>;
    read += text;
    expect([nextOffset, totalCharacters]).toEqual([read.length, large.length]);
  }
  expect(read).toBe(large);
});

test.each([
  ['a made-up reference', { ref: 'f'.repeat(64), offset: 0 }],
  ['a path', { ref: '../../etc/passwd', offset: 0 }],
  ['no reference', { offset: 0 }],
  ['an offset before the start', { ref: 'f'.repeat(64), offset: -1 }],
])('read_result with %s is answered with what was expected', async (_, input) => {
  const { world, call } = await asked({ answers: {} }, 'read_result', input);
  const result = await run(world, call);
  expect(result.ok).toBe(false);
  expect(await world.store.get(result.ref)).toMatch(/Expected (a|an|the) .* found /);
});

test('the catalogue is frozen with the data it is about, and its problems are told', async () => {
  const problems = [{ server: 'other', problem: 'did not start' }];
  const { world } = await asked({ answers: {}, problems });
  const found = await runActivity(world.activities.loadCatalog, {
    session: 'a',
    task: 'Count',
    data: ['/sales.csv'],
    model: 'scripted',
  });
  expect(found.tools).toEqual([
    { name: 'lake__query', effect: 'read' },
    { name: 'read_result', effect: 'read', metadata: true },
  ]);
  expect(found.problems).toEqual(['other: did not start']);
  expect(JSON.parse(await world.store.get(found.catalog))).toMatchObject({ tools: [queryTool], data: ['/sales.csv'] });
  expect((await world.dependencies.sessions.read('a')).metadata).toMatchObject({
    task: 'Count',
    tools: ['lake__query'],
  });
});

test('without any tool an analysis cannot begin, and the reason names the server', async () => {
  const { world } = await asked({ answers: {}, tools: [], problems: [{ server: 'lake', problem: 'did not start.' }] });
  const found = runActivity(world.activities.loadCatalog, { session: 'a', task: 'x', data: [], model: 'scripted' });
  await expect(found).rejects.toMatchObject({
    type: 'Config.NoTools',
    nonRetryable: true,
    message: expect.stringContaining('lake: did not start.'),
  });
});

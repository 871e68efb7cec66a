/** One ledger on a real service: tokens, bytes scanned and time of work end an analysis, and none is passed by more than one call. */
import { setTimeout as delay } from 'node:timers/promises';
import { createActivities } from '../../src/activities/index.ts';
import { wrapUpRequestFor } from '../../src/analysis/limits.ts';
import { ModelFailure } from '../../src/llm/model-failure.ts';
import type { ModelProfile } from '../../src/llm/profile.ts';
import { ToolFailure } from '../../src/tools/failures.ts';
import { decideUpdate, pendingQuery, setBudgetUpdate, statusQuery } from '../../src/workflows/messages.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { queryTool, scriptedConnections, tableResult, toolNamed } from '../support/scripted-connections.ts';
import { reply, scriptedModel, scriptedProfile, type ScriptedReply } from '../support/scripted-model.ts';
import { finding, query, resultsSeen, submit } from '../support/script-pieces.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

const perMillion = { input: 1, cachedInput: 1, cacheWrite: 1, output: 1, asOf: 'today' };
const profile: ModelProfile = { ...scriptedProfile, maxOutput: 1_000, inputWindow: 100_000, price: perMillion };

function world(replies: readonly ScriptedReply[]): ActivityWorld {
  const connections = scriptedConnections({ answers: { lake__query: async () => tableResult(1) } });
  return activityWorld(setting.folder, { ...scriptedModel(replies), profile }, connections);
}

/** Uses 10,000 tokens. */
const long = (text: string, id?: string) => {
  const made = reply(text, id === undefined ? [] : [query(id)]);
  return { ...made, usage: { inputTokens: 9_900, outputTokens: 100 } };
};

test('when the tokens are nearly used up the model submits with its last call, within the limit', async () => {
  const mine = world([long('', 'c1'), long('', 'c2'), long('', 'c3'), long('So far.')]);
  const handle = await setting.worker.start('tokens', mine, { limits: { tokens: 60_000 } });
  expect(await handle.result()).toMatchObject({ exitCode: 7 });
  mine.model.assertUsedUp();
  expect(JSON.stringify(mine.model.requests.at(-1)?.messages.at(-1))).toContain(wrapUpRequestFor('tokens'));
  const limitReached = { limit: 'tokens', allowed: 60_000, used: 40_000 };
  expect(mine.delivered[0]!.facts).toMatchObject({ limitReached });
  const { limits, spent } = await handle.query(statusQuery);
  expect(limits).toEqual({ steps: 20, tokens: 60_000 });
  expect(spent).toMatchObject({ tokens: 40_000 });
});

test('answers that break off again and again use up the tokens, not more', async () => {
  const breaking: ScriptedReply = (_request, _signal, emit) => {
    emit({ kind: 'text', delta: 'There ' });
    const facts = { kind: 'TruncatedStream', endpoint: 'scripted', model: 'scripted' } as const;
    return Promise.reject(new ModelFailure('It ended early.', facts));
  };
  const mine = world([breaking, breaking]);
  const tokens = 3_500;
  expect(await setting.worker.run('broken', mine, { limits: { tokens } })).toMatchObject({ exitCode: 7 });
  mine.model.assertUsedUp();
  const reached = mine.delivered[0]!.facts.limitReached!;
  expect(reached).toMatchObject({ limit: 'tokens', allowed: tokens });
  expect(reached.used).toBeGreaterThan(tokens);
  expect(reached.used).toBeLessThanOrEqual(tokens + reached.used / mine.model.requests.length);
});

/** What one query scans, and how much all of them may. */
const one = 10;
const most = 50;

/** Counts what its queries really scan, also those that come to nothing, and how many are under way at once. */
function scanning(before: (call: number, signal: AbortSignal) => Promise<void> = async () => undefined) {
  const seen = { bytes: 0, atOnce: 0, mostAtOnce: 0, calls: 0 };
  const answer = async ({ signal }: { readonly signal: AbortSignal }) => {
    seen.bytes += one;
    seen.calls += 1;
    seen.atOnce += 1;
    seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.atOnce);
    try {
      await before(seen.calls, signal);
    } finally {
      seen.atOnce -= 1;
    }
    const { data, meta } = JSON.parse(tableResult(1).text) as { data: object; meta: object };
    return { ok: true, text: JSON.stringify({ ok: true, data, meta: { ...meta, bytesScanned: one } }) };
  };
  const ids = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'];
  const model = scriptedModel([
    reply(
      '',
      ids.map((id) => query(id)),
    ),
    reply('', [submit('s', finding('There is {0} sale.', 1, 'c1'))]),
  ]);
  const mine = activityWorld(setting.folder, model, scriptedConnections({ answers: { lake__query: answer } }));
  return { mine, seen };
}

function refusedCalls(mine: ActivityWorld): number {
  return resultsSeen(mine.model.requests[1]).filter(({ text }) => text.includes('bytes that may be scanned')).length;
}

test('of eight queries side by side only those run that the bytes allow, with the check of the report', async () => {
  const { mine, seen } = scanning();
  const handle = await setting.worker.start('bytes', mine, { limits: { bytesScanned: most } });
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  // Three, and the one that is cited once more.
  expect(seen).toMatchObject({ bytes: 4 * one, mostAtOnce: 1 });
  expect(refusedCalls(mine)).toBe(5);
  expect(JSON.stringify(mine.model.requests[1]!.messages.at(-1))).toContain(wrapUpRequestFor('bytes'));
  expect(mine.delivered[0]!.facts.limitReached).toEqual({ limit: 'bytes', allowed: most, used: 3 * one });
  expect((await handle.query(statusQuery)).spent.bytesScanned).toBe(3 * one);
});

test('without a limit they run side by side, and what they scanned is told', async () => {
  const { mine, seen } = scanning(async () => {
    while (seen.calls < 8) await delay(10);
  });
  const handle = await setting.worker.start('unlimited', mine, {});
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  expect(seen.mostAtOnce).toBe(8);
  expect((await handle.query(statusQuery)).spent.bytesScanned).toBe(8 * one);
});

test('a query that crashed scanned, too: its attempts count', async () => {
  const { mine, seen } = scanning(async (call) => {
    if (call <= 2) throw new ToolFailure('Tool.Crashed', 'The server is gone.', { retryable: true });
  });
  await setting.worker.run('crashes', mine, { limits: { bytesScanned: most } });
  // Three attempts at the first query use up the bytes.
  expect(refusedCalls(mine)).toBe(7);
  expect(seen.bytes).toBeLessThanOrEqual(most + 2 * one);
});

test('a query that was cut off by a pause scanned, too', async () => {
  const begun = Promise.withResolvers<void>();
  const { mine, seen } = scanning(async (call, signal) => {
    if (call !== 2) return;
    begun.resolve();
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  });
  const handle = await setting.worker.start('paused', mine, { limits: { bytesScanned: most } });
  await begun.promise;
  await handle.signal('pause');
  while ((await handle.query(statusQuery)).status !== 'paused') await delay(20);
  await handle.signal('resume');
  await handle.result();
  expect(refusedCalls(mine)).toBe(6);
  expect(seen.bytes).toBeLessThanOrEqual(most + 2 * one);
});

test('workers that are lost after each query and after the check scan nothing twice', async () => {
  const { mine, seen } = scanning();
  const activities = createActivities(mine.dependencies);
  const lost = new Set<string>();
  const losing =
    <Input extends object, Output>(made: (input: Input) => Promise<Output>, nameOf: (input: Input) => string) =>
    async (input: Input): Promise<Output> => {
      const result = await made(input);
      if (lost.has(nameOf(input))) return result;
      lost.add(nameOf(input));
      throw new Error('the worker was lost');
    };
  const callTool = losing(activities.callTool, ({ callId }) => callId);
  const writeReport = losing(activities.writeReport, () => 'report');
  const losingWorld = { ...mine, activities: { ...activities, callTool, writeReport } };
  const handle = await setting.worker.start('killed', losingWorld, { limits: { bytesScanned: most } });
  await handle.result();
  expect(seen.bytes).toBe(4 * one);
  expect(lost).toContain('report');
});

test('more bytes while it works let queries go on', async () => {
  const asked = Promise.withResolvers<void>();
  const raised = Promise.withResolvers<void>();
  const { mine } = scanning(async (call) => {
    if (call !== 3) return;
    asked.resolve();
    await raised.promise;
  });
  const handle = await setting.worker.start('more', mine, { limits: { bytesScanned: most } });
  await asked.promise;
  const args = [{ bytesScanned: 1_000, tokens: 5_000_000 }] as const;
  expect(await handle.executeUpdate(setBudgetUpdate, { args: [...args] })).toEqual({ steps: 20, ...args[0] });
  raised.resolve();
  await handle.result();
  expect(refusedCalls(mine)).toBe(0);
});

test('time of work stands still while a person is waited for, and while it is paused', async () => {
  const write = { id: 'w1', name: 'lake__write', arguments: { sql: 'DELETE FROM sales' } };
  const connections = scriptedConnections({
    answers: { lake__write: [tableResult(1)] },
    tools: [queryTool, toolNamed('lake__write', 'write')],
  });
  const mine = activityWorld(
    setting.folder,
    scriptedModel([reply('', [write]), reply('', [submit('s')])]),
    connections,
  );
  const handle = await setting.worker.start('clock', mine, { limits: { workMs: 6_000 } });
  const untilMs = async () => (await handle.query(statusQuery)).limits.untilMs!;
  while ((await handle.query(pendingQuery)).length === 0) await delay(20);
  const before = await untilMs();
  while (Date.now() < before) await delay(50);
  await handle.signal('pause');
  while ((await handle.query(statusQuery)).status !== 'paused') await delay(20);
  await handle.signal('resume');
  const [ask] = await handle.query(pendingQuery);
  await handle.executeUpdate(decideUpdate, { args: [{ call: ask!.id, decision: 'approve', by: 'ada' }] });
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  expect(mine.delivered[0]!.facts.limitReached).toBeUndefined();
  expect(await untilMs()).toBeGreaterThan(before);
  connections.assertUsedUp();
});

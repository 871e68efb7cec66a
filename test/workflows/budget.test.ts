/** Limits of money and time on a real service: the last call submits, nothing more is asked, and the report says which limit. */
import { createActivities } from '../../src/activities/index.ts';
import { limitSentence, wrapUpRequestFor } from '../../src/analysis/limits.ts';
import { ModelFailure } from '../../src/llm/model-failure.ts';
import type { ModelProfile } from '../../src/llm/profile.ts';
import { setBudgetUpdate, statusQuery } from '../../src/workflows/messages.ts';
import { activityWorld, type ActivityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { scriptedConnections, tableResult } from '../support/scripted-connections.ts';
import { reply, scriptedModel, scriptedProfile, type ScriptedReply } from '../support/scripted-model.ts';
import { query } from '../support/script-pieces.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

const perMillion = { input: 10, cachedInput: 10, cacheWrite: 10, output: 10, asOf: 'today' };
const paid: ModelProfile = { ...scriptedProfile, maxOutput: 1_000, inputWindow: 100_000, price: perMillion };

function world(replies: readonly ScriptedReply[], profile: ModelProfile = paid): ActivityWorld {
  const model = { ...scriptedModel(replies), profile };
  return activityWorld(
    setting.folder,
    model,
    scriptedConnections({ answers: { lake__query: async () => tableResult(1) } }),
  );
}

/** Costs 0.1 dollars. */
const dear = (text: string, id?: string) => {
  const made = reply(text, id === undefined ? [] : [query(id)]);
  return { ...made, usage: { inputTokens: 9_900, outputTokens: 100 } };
};

test('when the money is nearly used up the model submits with its last call, and the report says which limit', async () => {
  const mine = world([dear('', 'c1'), dear('', 'c2'), dear('So far.')]);
  const handle = await setting.worker.start('money', mine, { limits: { usd: 0.5 } });
  expect(await handle.result()).toMatchObject({ exitCode: 7 });
  mine.model.assertUsedUp();
  const last = mine.model.requests.at(-1);
  expect(JSON.stringify(last?.messages.at(-1))).toContain(wrapUpRequestFor('usd'));
  const facts = mine.delivered[0]!.facts;
  expect(facts.limitReached).toMatchObject({ limit: 'usd', allowed: 0.5, used: expect.closeTo(0.3) as number });
  expect(facts.ending).toBe(limitSentence(facts.limitReached!));
  const { limits, spent } = await handle.query(statusQuery);
  expect(limits).toEqual({ steps: 20, usd: 0.5 });
  expect(spent).toEqual({ usd: expect.closeTo(0.3) as number, reservedUsd: 0, tokens: 30_000, bytesScanned: 0 });
  const { typedSearchAttributes } = await handle.describe();
  expect(typedSearchAttributes.getAll().find(({ key }) => key.name === 'DpaCostUsd')?.value).toBeCloseTo(0.3);
});

test('money that allows no call at all ends with a report and without a call', async () => {
  const mine = world([]);
  expect(await setting.worker.run('no-money', mine, { limits: { usd: 0.000_1 } })).toMatchObject({ exitCode: 7 });
  expect(mine.model.requests).toHaveLength(0);
});

test('answers that break off again and again use up the money, not more: what was found is reported', async () => {
  const breaking: ScriptedReply = (_request, _signal, emit) => {
    emit({ kind: 'text', delta: 'There ' });
    const facts = { kind: 'TruncatedStream', endpoint: 'scripted', model: 'scripted' } as const;
    return Promise.reject(new ModelFailure('It ended early.', facts));
  };
  const mine = world([breaking, breaking]);
  const usd = 0.035;
  const handle = await setting.worker.start('broken', mine, { limits: { usd } });
  expect(await handle.result()).toMatchObject({ exitCode: 7 });
  mine.model.assertUsedUp();
  const reached = mine.delivered[0]!.facts.limitReached!;
  expect(reached).toMatchObject({ limit: 'usd', allowed: usd });
  const ofOne = reached.used / mine.model.requests.length;
  expect(reached.used).toBeGreaterThan(usd);
  expect(reached.used).toBeLessThanOrEqual(usd + ofOne);
  expect((await handle.query(statusQuery)).spent.usd).toBeCloseTo(reached.used, 10);
});

test('a model without a price is refused before the first call', async () => {
  const { price: _, ...unpriced } = paid;
  const mine = world([], unpriced);
  await expect(setting.worker.run('no-price', mine, { limits: { usd: 5 } })).rejects.toMatchObject({
    cause: { cause: { type: 'Model.NoPrice' } },
  });
  expect(mine.model.requests).toHaveLength(0);
});

test('tools that do not fit the window are refused before the first call', async () => {
  const mine = world([], { ...paid, inputWindow: 1_100 });
  await expect(setting.worker.run('small-window', mine)).rejects.toMatchObject({
    cause: { cause: { type: 'Model.WindowTooSmall', message: expect.stringContaining('reads 1100') as string } },
  });
});

test('a call under way when the time is over is cancelled and what there is is reported', async () => {
  const cancelled = Promise.withResolvers<void>();
  const hanging: ScriptedReply = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        cancelled.resolve();
        reject(signal.reason as Error);
      });
    });
  const mine = world([hanging]);
  expect(await setting.worker.run('late', mine, { limits: { timeoutMs: 1_500 } })).toMatchObject({ exitCode: 7 });
  expect(mine.delivered[0]?.facts.limitReached).toMatchObject({ limit: 'time' });
  expect(mine.model.requests).toHaveLength(1);
  await cancelled.promise;
});

test('raising the money while the analysis works lets it go on; nonsense is refused', async () => {
  const asked = Promise.withResolvers<void>();
  const raised = Promise.withResolvers<void>();
  const waiting: ScriptedReply = async () => {
    asked.resolve();
    await raised.promise;
    return dear('', 'c1');
  };
  const mine = world([waiting, dear('', 'c2'), dear('', 'c3'), dear('Done.')]);
  const handle = await setting.worker.start('raised', mine, { limits: { usd: 0.03 } });
  await asked.promise;
  await expect(handle.executeUpdate(setBudgetUpdate, { args: [{}] })).rejects.toThrow('Update failed');
  await expect(handle.executeUpdate(setBudgetUpdate, { args: [{ usd: -1 }] })).rejects.toThrow('Update failed');
  expect(await handle.executeUpdate(setBudgetUpdate, { args: [{ usd: 5 }] })).toEqual({ steps: 20, usd: 5 });
  raised.resolve();
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  mine.model.assertUsedUp();
});

test('a reply that reached the journal before its worker was lost counts once', async () => {
  const mine = world([dear('', 'c1'), dear('Done.')]);
  let isLost = false;
  const activities = createActivities(mine.dependencies);
  const losing: ActivityWorld = {
    ...mine,
    activities: {
      ...activities,
      async completeTurn(input) {
        const result = await activities.completeTurn(input);
        if (isLost) return result;
        isLost = true;
        throw new Error('the worker was lost after the reply');
      },
    },
  };
  const handle = await setting.worker.start('lost', losing, { limits: { usd: 5 } });
  expect(await handle.result()).toMatchObject({ exitCode: 0 });
  mine.model.assertUsedUp();
  expect((await handle.query(statusQuery)).spent.usd).toBeCloseTo(0.2);
});

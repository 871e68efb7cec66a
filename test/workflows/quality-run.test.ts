import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { stopSignal } from '../../src/workflows/messages.ts';
import { qualityStatusQuery } from '../../src/workflows/quality-messages.ts';
import { quietTemporal } from '../support/analysis-worker.ts';
import { counts, keys, openQualityWorld } from '../support/quality-world.ts';
import { openTestService, type TestService } from '../support/temporal-service.ts';

let service: TestService;

beforeAll(async () => {
  quietTemporal();
  service = await openTestService();
}, 120_000);

afterAll(() => service.close());

test('tables are checked side by side up to the limit, each once, and their order is kept', async () => {
  let now = 0;
  let most = 0;
  const asked: string[] = [];
  await using world = await openQualityWorld(
    service.address,
    async ({ key }) => {
      asked.push(key.table);
      most = Math.max(most, ++now);
      await delay(20);
      now -= 1;
      return { counts, rows: 1, result: `result of ${key.table}` };
    },
    'side-by-side',
  );
  const outcome = await (await world.start()).result();
  expect(outcome).toMatchObject({ status: 'completed', exitCode: 0 });
  expect(asked.toSorted()).toEqual(keys.map(({ table }) => table));
  expect(most).toBeLessThanOrEqual(3);
  expect(most).toBeGreaterThan(1);
  expect(world.finished[0]?.tables).toEqual(keys.map((key) => ({ key, result: `result of ${key.table}` })));
});

test('a table that cannot be looked at is told as such; the others count', async () => {
  await using world = await openQualityWorld(
    service.address,
    async ({ key }) => {
      if (key.table === 't4') throw ApplicationFailure.nonRetryable('the file is gone', 'Tool.Unavailable');
      return { counts, rows: 1, result: 'kept' };
    },
    'one-lost',
  );
  await (await world.start()).result();
  expect(world.finished[0]?.tables[4]).toEqual({ key: keys[4], problem: 'the file is gone' });
  expect(world.finished[0]?.tables.filter((end) => 'result' in end)).toHaveLength(9);
});

test('a stop cancels the tables that run, keeps those that are done, and still tells what was found', async () => {
  const cancelled: string[] = [];
  await using world = await openQualityWorld(
    service.address,
    async ({ key }) => {
      if (key.table === 't0') return { counts, rows: 1, result: 'kept' };
      const beat = setInterval(() => Context.current().heartbeat(), 50);
      try {
        await Context.current().cancelled;
      } catch (error) {
        cancelled.push(key.table);
        throw error;
      } finally {
        clearInterval(beat);
      }
      throw new Error('never');
    },
    'stopped',
  );
  const handle = await world.start();
  for (let status = await handle.query(qualityStatusQuery); ; status = await handle.query(qualityStatusQuery)) {
    if (status.tables[0]?.state === 'done' && status.tables.filter(({ state }) => state === 'running').length === 3)
      break;
    await delay(50);
  }
  await handle.signal(stopSignal, { reason: 'enough' });
  const outcome = await handle.result();
  expect(outcome).toMatchObject({ status: 'stopped', exitCode: 5 });
  while (cancelled.length < 3) await delay(20);
  expect(cancelled.toSorted()).toEqual(['t1', 't2', 't3']);
  expect(world.finished[0]).toMatchObject({ stopped: 'enough' });
  expect(world.finished[0]?.tables[0]).toEqual({ key: keys[0], result: 'kept' });
  expect(world.finished[0]?.tables.filter((end) => 'problem' in end)).toHaveLength(9);
});

test('history holds references and counts: a few hundred bytes per table', async () => {
  await using world = await openQualityWorld(
    service.address,
    async ({ key }) => ({ counts, rows: 1, result: 'r'.repeat(64) + key.table }),
    'small',
  );
  const handle = await world.start();
  await handle.result();
  const { historySize, historyLength } = await handle.describe();
  expect(Number(historySize) / keys.length).toBeLessThan(3_072);
  expect(historyLength / keys.length).toBeLessThan(10);
});

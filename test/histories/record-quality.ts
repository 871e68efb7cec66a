/** Records the histories of quality runs that test/workflows/replay.test.ts replays: run it after a wanted change of their commands, under new names beside the old ones. */
import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { stopSignal } from '../../src/workflows/messages.ts';
import { qualityStatusQuery } from '../../src/workflows/quality-messages.ts';
import { quietTemporal } from '../support/analysis-worker.ts';
import { counts, openQualityWorld } from '../support/quality-world.ts';
import { openTestService } from '../support/temporal-service.ts';
import { keep } from './keep.ts';

quietTemporal();
await using service = await openTestService();
await keep('quality-run', await finished());
await keep('quality-stopped', await stopped());

async function finished() {
  await using world = await openQualityWorld(
    service.address,
    async ({ key }) => {
      if (key.table === 't4') throw ApplicationFailure.nonRetryable('the file is gone', 'Tool.Unavailable');
      return { counts, rows: 1, result: `result of ${key.table}` };
    },
    'finished',
  );
  const run = await world.start();
  await run.result();
  return run.fetchHistory();
}

async function stopped() {
  await using world = await openQualityWorld(
    service.address,
    async ({ key }) => {
      if (key.table === 't0') return { counts, rows: 1, result: 'kept' };
      const beat = setInterval(() => Context.current().heartbeat(), 50);
      try {
        return await Context.current().cancelled;
      } finally {
        clearInterval(beat);
      }
    },
    'stopped',
  );
  const run = await world.start();
  while ((await run.query(qualityStatusQuery)).tables[0]?.state !== 'done') await delay(50);
  await run.signal(stopSignal, { reason: 'enough' });
  await run.result();
  return run.fetchHistory();
}

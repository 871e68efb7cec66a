/** Records the histories of interrupted and decided analyses that test/workflows/replay.test.ts replays: run it after a wanted change of their commands, under new names beside the old ones. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { answerUpdate, setBudgetUpdate, statusQuery } from '../../src/workflows/messages.ts';
import { activityWorld } from '../support/activity-world.ts';
import { openAnalysisWorker, quietTemporal } from '../support/analysis-worker.ts';
import { decide, decisionTools, pending, write, type Handle } from '../support/decisions.ts';
import { scriptedConnections, tableResult } from '../support/scripted-connections.ts';
import { reply, scriptedModel, type ScriptedReply } from '../support/scripted-model.ts';
import { finding, query, submit } from '../support/script-pieces.ts';
import { openTestService } from '../support/temporal-service.ts';
import { keep } from './keep.ts';

quietTemporal();
const folder = await mkdtemp(join(tmpdir(), 'dpa-record-'));
const service = await openTestService();
try {
  await using worker = await openAnalysisWorker(service.address);
  await keep('interrupted', await interrupted());
  await keep('decided', await decided());

  /** A pause inside a model call, one inside a query, a redirection inside another one, and a stop. */
  async function interrupted() {
    const [model, first, second, last] = [hanging(), hanging(), hanging(), hanging()];
    let asked = 0;
    const connections = scriptedConnections({
      answers: {
        lake__query: async ({ signal }) => {
          asked += 1;
          const call = [undefined, first, undefined, second][asked];
          return call === undefined ? tableResult(3) : call.wait(signal);
        },
      },
    });
    const turns: ScriptedReply[] = [
      (_request, signal) => model.wait(signal),
      reply('', [query('c1')]),
      reply('', [query('c2')]),
      (_request, signal) => last.wait(signal),
    ];
    const world = activityWorld(folder, scriptedModel(turns), connections);
    const handle = await worker.start('interrupted', world, { limits: { workMs: 3_600_000 } });
    await model.begun;
    await pauseAndResume(handle);
    await first.begun;
    await pauseAndResume(handle);
    await second.begun;
    await handle.signal('redirect', { text: 'only december', by: 'ada' });
    await last.begun;
    await handle.signal('stop', { reason: 'enough', by: 'ada' });
    await handle.result();
    world.model.assertUsedUp();
    return handle.fetchHistory();
  }

  /** A plan with changed steps, an approved call with changed arguments, a denied one, an answer, other limits. */
  async function decided() {
    const steps = [{ title: 'Count', state: 'open' }];
    const plan = { id: 'p1', name: 'set_plan', arguments: { steps } };
    const question = {
      id: 'q1',
      name: 'ask_person',
      arguments: { question: 'Which year?', choices: ['2025', '2026'] },
    };
    const connections = scriptedConnections({
      tools: decisionTools,
      answers: { lake__write: [tableResult(1)], lake__query: async () => tableResult(3) },
    });
    const turns = [
      reply('A plan.', [plan]),
      reply('', [write('w1'), write('w2', 'DROP TABLE sales'), question, query('c1')]),
      reply('', [submit('s', finding('There are {0} sales.', 3, 'c1'))]),
    ];
    const world = activityWorld(folder, scriptedModel(turns), connections);
    const handle = await worker.start('decided', world, {
      limits: { tokens: 1_000_000, bytesScanned: 1_000_000_000, workMs: 3_600_000 },
      approvals: { plan: 'ask' },
    });
    const [waiting] = await pending(handle);
    await decide(handle, waiting!.id, 'approve', { arguments: { steps: [{ title: 'Count all' }] } });
    const asks = await pending(handle, 3);
    const idOf = (callId: string) => asks.find((ask) => 'callId' in ask && ask.callId === callId)!.id;
    await handle.executeUpdate(setBudgetUpdate, { args: [{ steps: 30 }] });
    await decide(handle, idOf('w1'), 'approve', { arguments: { sql: 'DELETE FROM sales WHERE test' } });
    await decide(handle, idOf('w2'), 'deny', { reason: 'not that' });
    await handle.executeUpdate(answerUpdate, { args: [{ question: idOf('q1'), text: '2026', by: 'ada' }] });
    await handle.result();
    world.model.assertUsedUp();
    return handle.fetchHistory();
  }
} finally {
  await service.close();
  await rm(folder, { recursive: true, force: true });
}

async function pauseAndResume(handle: Handle): Promise<void> {
  await handle.signal('pause', { by: 'ada' });
  while ((await handle.query(statusQuery)).status !== 'paused') await delay(30);
  await handle.signal('resume', { by: 'ada' });
}

/** Answers only by being cancelled; `begun` resolves when it is asked. */
function hanging() {
  const begun = Promise.withResolvers<void>();
  const wait = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      begun.resolve();
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  return { begun: begun.promise, wait };
}

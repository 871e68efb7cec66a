/** A pause inside a running call: when it is accepted, and when the provider and the engine notice. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { descendants, ticksOf } from './descendants.ts';
import { atMost, median, type Measure, type Row } from './measure.ts';
import { openModelWorld } from './model-world.ts';

const rounds = 20;

/** Rows of a table that is joined with itself four times: nobody waits for the end. */
const endlessRows = 5_000;

const endless =
  'SELECT count(*) AS n FROM orders a, orders b, orders c, orders d WHERE a.id + b.id < c.id * d.id LIMIT 1';

/** Between two looks at the engine's processor time; one of the system's ticks. */
const lookMs = 10;

/** The engine is idle when it has not worked for so long. */
const idleMs = 300;

export const interrupts: Measure = {
  name: 'interrupts',
  about: `a pause inside a model call and inside a query, ${rounds} times each`,
  async run() {
    return [...(await inModelCall()), ...(await inQuery())];
  },
};

async function inModelCall(): Promise<Row[]> {
  await using world = await openModelWorld();
  world.answer({ text: ['One ', 'two ', 'three.'], fault: { kind: 'stall', afterEvents: 3, keepAlive: true } });
  const accepted: number[] = [];
  const closed: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const asked = world.openAi.ledger.length;
    const handle = await world.start(`in-model-${round}`);
    while (world.openAi.ledger.length === asked) await delay(lookMs);
    await delay(idleMs);
    const saidAt = performance.now();
    await handle.signal('pause', { by: 'bench' });
    accepted.push(performance.now() - saidAt);
    await world.openAi.ledger[asked]!.over;
    closed.push(performance.now() - saidAt);
    await handle.terminate('measured');
  }
  return [
    row('pause, accepted by the service', accepted, atMost(100, 100, 'ours')),
    row('pause, the stream of the model closed at the provider', closed, atMost(500, 100, 'ours')),
  ];
}

async function inQuery(): Promise<Row[]> {
  await using world = await openModelWorld('configured');
  const file = join(world.folder, 'orders.csv');
  await writeFile(file, `id\n${Array.from({ length: endlessRows }, (_, id) => id).join('\n')}\n`);
  const idle: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    world.answer({ calls: [{ name: 'data_lake__query', arguments: { sql: endless } }] });
    const handle = await world.start(`in-query-${round}`, undefined, [file]);
    await untilBusy();
    const saidAt = performance.now();
    await handle.signal('pause', { by: 'bench' });
    idle.push((await idleSince()) - saidAt);
    await handle.terminate('measured');
  }
  return [row('pause, the query ended in the engine', idle, atMost(500, 100, 'ours'))];
}

/** A fifth of a second of work is more than the start of a query. */
const busyTicks = 20;

async function untilBusy(): Promise<void> {
  const before = engineTicks();
  while (engineTicks() < before + busyTicks) await delay(lookMs);
}

function engineTicks(): number {
  return ticksOf(descendants(), 'data-lake');
}

/** When it worked last, once it has been idle for long enough. */
async function idleSince(): Promise<number> {
  let ticks = engineTicks();
  let workedAt = performance.now();
  while (performance.now() - workedAt < idleMs) {
    await delay(lookMs);
    const now = engineTicks();
    if (now !== ticks) workedAt = performance.now();
    ticks = now;
  }
  return workedAt;
}

function row(metric: string, values: readonly number[], target: NonNullable<Row['target']>): Row {
  const sorted = values.toSorted((a, b) => a - b);
  const p95 = sorted[Math.ceil(0.95 * sorted.length) - 1]!;
  return {
    metric: `${metric}, p95`,
    unit: 'ms',
    ours: p95,
    target,
    note: `median ${median(values).toFixed(0)} ms of ${values.length}`,
  };
}

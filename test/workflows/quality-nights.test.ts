/** Thirty nights through the whole of it, workflow, tool server, history, reports and alerts: each planted event is told on its night, and told once. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DuckDBInstance } from '@duckdb/node-api';
import { loadConfig } from '../../src/config.ts';
import { contractIn } from '../../src/contracts/read-contract.ts';
import type { Alert } from '../../src/quality/alert.ts';
import type { Suite } from '../../src/quality/run.ts';
import { createFolderStore } from '../../src/store/folder.ts';
import { openWorker } from '../../src/worker.ts';
import { taskQueue } from '../../src/workflows/messages.ts';
import type { QualityRunInput, QualityRunWorkflow } from '../../src/workflows/quality-messages.ts';
import { quietTemporal } from '../support/analysis-worker.ts';
import { dayOf, makeNight, nights, planted } from '../support/nights.ts';
import { openReceiver, type Receiver } from '../support/receiver.ts';
import { openTestService, type TestService } from '../support/temporal-service.ts';

const rule = (name: string, check: string) => `{ name: ${name}, type: custom, engine: dpa, implementation: ${check} }`;

const contract = `apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
schema:
  - name: orders
    properties:
      - name: id
        quality: [{ metric: duplicateValues, mustBe: 0 }]
      - name: ordered_at
        quality: [${rule('late', '{ check: freshness, maxAge: 2 h }')}]
      - name: amount
        quality:
          - ${rule('range', '{ check: range, minimum: 0, maximum: 100000 }')}
          - ${rule('drift', '{ check: distributionDrift, method: psi }')}
      - name: email
        quality: [${rule('nulls', '{ check: anomaly, measure: { nullPercent: email } }')}]
    quality:
      - ${rule('schema', '{ check: schema, against: baseline }')}
      - ${rule('holiday', '{ check: volume, maxDropPercent: 30, maxGrowthPercent: 50, season: dayOfWeek }')}
`;

const seed = 1;
const plantedDays = Object.values(planted).map((number) => dayOf(number));

let service: TestService;
let receiver: Receiver;
/** Names of the checks told by the alerts of each night, behind the kind of news. */
let told: Map<string, readonly string[]>;
let keys: readonly string[];

beforeAll(async () => {
  quietTemporal();
  [service, receiver] = await Promise.all([openTestService(), openReceiver()]);
  const config = loadConfig(
    { ...process.env, DPA_HOME: join(service.folder, 'home'), DPA_ALERT_WEBHOOK: receiver.url },
    service.folder,
  );
  const read = contractIn(contract, 'orders.odcs.yaml');
  if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults));
  const suite: Suite = { name: 'shop', contracts: [read.contract] };
  const data = join(service.folder, 'orders.parquet');
  const input: QualityRunInput = {
    suite: await createFolderStore(config.storeFolder).put(JSON.stringify(suite)),
    suiteName: suite.name,
    data: [data],
    aliases: {},
    tablesAtOnce: 1,
    warningsAsErrors: false,
    alert: true,
    formats: ['json'],
    searchAttributes: false,
  };
  const worker = await openWorker(config, { address: service.address });
  const running = worker.run();
  const connection = await Connection.connect({ address: service.address });
  const { workflow } = new Client({ connection });
  const night = async (day: string): Promise<void> => {
    const interval = { name: day, endMs: Date.parse(`${day}T00:00:00Z`) + 86_400_000 };
    await workflow.execute<QualityRunWorkflow>('qualityRunWorkflow', {
      taskQueue,
      workflowId: `nightly-shop-${day}`,
      args: [{ ...input, interval }],
    });
  };
  const instance = await DuckDBInstance.create(':memory:');
  const engine = await instance.connect();
  try {
    for (let number = 1; number <= nights; number++) {
      await makeNight(engine, seed, number);
      await engine.run(`COPY orders TO '${data}' (FORMAT parquet)`);
      await night(dayOf(number));
    }
    // Once more, as after a backfill: nobody is told again.
    await night(dayOf(nights));
  } finally {
    engine.closeSync();
    instance.closeSync();
    worker.shutdown();
    await running;
    await connection.close();
  }
  const alerts = receiver.received.map(({ body }) => body as Alert);
  const days = Array.from({ length: nights }, (_, index) => dayOf(index + 1));
  told = new Map(
    days.map((day) => [
      day,
      alerts
        .filter(({ interval }) => interval === day)
        .flatMap(({ events }) => events.map(({ kind, incident }) => `${kind} ${incident.name}`)),
    ]),
  );
  keys = alerts.flatMap(({ events }) => events.map(({ key }) => key));
}, 240_000);

afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await service.close();
});

test.each(['drift', 'late', 'schema', 'holiday'] as const)('%s is told on its night', (event) => {
  expect(told.get(dayOf(planted[event]))).toContain(`opened ${event}`);
  const days = [...told].filter(([, news]) => news.includes(`opened ${event}`)).map(([day]) => day);
  expect(plantedDays).toEqual(expect.arrayContaining(days));
});

test('what closed is told too, at most one night is a false alarm, and nothing is told twice', () => {
  const all = [...told.values()].flat();
  expect(all.filter((one) => one.startsWith('closed')).length).toBeGreaterThan(0);
  const falseAlarms = [...told].filter(
    ([day, news]) => !plantedDays.includes(day) && news.some((one) => one.startsWith('opened')),
  );
  expect(falseAlarms.slice(1)).toEqual([]);
  expect(new Set(keys).size).toBe(keys.length);
});

test('each night is one object of the history and one report, whose trends are the nights before', async () => {
  const points = await readdir(join(service.folder, 'home', 'quality', 'shop'));
  expect(points.toSorted()).toEqual(Array.from({ length: nights }, (_, index) => `${dayOf(index + 1)}.json`));
  const report = join(service.folder, 'reports', `nightly-shop-${dayOf(nights)}`, 'result.json');
  const { checks } = JSON.parse(await readFile(report, 'utf8')) as { checks: { type: string; trend: unknown[] }[] };
  expect(checks.find(({ type }) => type === 'volume')?.trend).toHaveLength(nights - 1);
});

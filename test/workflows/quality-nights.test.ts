/** Thirty nights through the whole of it, workflow, tool server, history, reports and alerts: each planted event is told on its night, and told once. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Alert } from '../../src/quality/alert.ts';
import { dayOf, makeNight, nights, planted } from '../support/nights.ts';
import { openQualityProgram, type QualityProgram } from '../support/quality-program.ts';
import { openReceiver } from '../support/receiver.ts';

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
const days = Array.from({ length: nights }, (_, index) => dayOf(index + 1));
const plantedDays = Object.values(planted).map((number) => dayOf(number));

let program: QualityProgram;
/** Names of the checks told by the alerts of each night, behind the kind of news. */
let told: Map<string, readonly string[]>;
let keys: readonly string[];

beforeAll(async () => {
  await using receiver = await openReceiver();
  program = await openQualityProgram({ DPA_ALERT_WEBHOOK: receiver.url });
  const data = join(program.folder, 'orders.parquet');
  const night = (number: number) => program.night(dayOf(number), { contract, data: [data], alert: true });
  const instance = await DuckDBInstance.create(':memory:');
  const engine = await instance.connect();
  try {
    for (let number = 1; number <= nights; number++) {
      await makeNight(engine, seed, number);
      await engine.run(`COPY orders TO '${data}' (FORMAT parquet)`);
      await night(number);
    }
    // Once more, as after a backfill: nobody is told again.
    await night(nights);
  } finally {
    engine.closeSync();
    instance.closeSync();
  }
  const alerts = receiver.received.map(({ body }) => body as Alert);
  const newsOf = (day: string): readonly string[] =>
    alerts
      .filter(({ interval }) => interval === day)
      .flatMap(({ events }) => events.map(({ kind, incident }) => `${kind} ${incident.name}`));
  told = new Map(days.map((day) => [day, newsOf(day)]));
  keys = alerts.flatMap(({ events }) => events.map(({ key }) => key));
}, 240_000);

afterAll(() => program[Symbol.asyncDispose]());

test.each(['drift', 'late', 'schema', 'holiday'] as const)('%s is told on its night', (event) => {
  expect(told.get(dayOf(planted[event]))).toContain(`opened ${event}`);
  const openings = [...told].filter(([, news]) => news.includes(`opened ${event}`)).map(([day]) => day);
  expect(plantedDays).toEqual(expect.arrayContaining(openings));
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
  const points = await readdir(join(program.config.qualityFolder, 'shop'));
  expect(points.toSorted()).toEqual(days.map((day) => `${day}.json`));
  const report = join(program.config.reportsFolder, `nightly-shop-${dayOf(nights)}`, 'result.json');
  const { checks } = JSON.parse(await readFile(report, 'utf8')) as { checks: { type: string; trend: unknown[] }[] };
  expect(checks.find(({ type }) => type === 'volume')?.trend).toHaveLength(nights - 1);
});

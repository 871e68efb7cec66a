/** A session of 1,500 steps: what a step reads, sends and keeps late is what it did early, through dozens of shortenings. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activityWorld } from '../support/activity-world.ts';
import { largeResult, runLongSession, type LongStep } from '../support/long-session.ts';
import { scriptedConnections } from '../support/scripted-connections.ts';
import { scriptedModel } from '../support/scripted-model.ts';

const steps = 1_500;
const window = 24_000;
/** Steps that are compared: after the first shortenings, and the last ones. */
const early = [200, 400] as const;
const late = [1_300, 1_500] as const;
const mostGrowth = 1.15;
const mostStateBytes = 64 * 1024;

let folder: string;
let made: readonly LongStep[];
let shortenings: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-session-'));
  const connections = scriptedConnections({ answers: { lake__query: largeResult } });
  const { dependencies } = activityWorld(folder, scriptedModel([]), connections);
  ({ made, shortenings } = await runLongSession(dependencies, { folder, steps, window }));
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function mean(name: keyof LongStep, [from, to]: readonly [number, number]): number {
  return made.slice(from, to).reduce((sum, step) => sum + step[name], 0) / (to - from);
}

test.each(['reads', 'readBytes', 'sent', 'state'] as const)('%s of a late step are those of an early one', (name) => {
  expect(mean(name, late) / mean(name, early)).toBeLessThanOrEqual(mostGrowth);
});

test('no request passes the window, the state stays small, and it was shortened again and again', () => {
  expect(Math.max(...made.map(({ sent }) => sent))).toBeLessThan(window);
  expect(Math.max(...made.map(({ state }) => state))).toBeLessThan(mostStateBytes);
  expect(shortenings).toBeGreaterThan(30);
});

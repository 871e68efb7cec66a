/** Row: whether a session of 20,000 steps stays as cheap, as small and as short for the model as it began; without the service. */
import { join } from 'node:path';
import { createFolderStore } from '../src/store/folder.ts';
import { createFolderJournal } from '../src/store/journal.ts';
import { activityWorld } from '../test/support/activity-world.ts';
import { largeResult, runLongSession, type LongStep } from '../test/support/long-session.ts';
import { scriptedConnections } from '../test/support/scripted-connections.ts';
import { scriptedModel } from '../test/support/scripted-model.ts';
import { atMost, median, type Measure, type Row } from './measure.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

const steps = 20_000;
const window = 64_000;
const compared = 1_000;
/** Before that everything is loaded and compiled, and the conversation has not reached its length yet. */
const warmUp = 1_000;

type Moment = { readonly atMs: number; readonly cpuMs: number; readonly heapMb: number };

export const longSession: Measure = {
  name: 'long-session',
  about: `${steps.toLocaleString('en')} steps of one session, state machine and activities on disk: its last ${compared} against its first`,
  async run() {
    await using folder = await openTemporaryFolder();
    const connections = scriptedConnections({ answers: { lake__query: largeResult } });
    const { dependencies } = activityWorld(folder.path, scriptedModel([]), connections);
    const onDisk = {
      ...dependencies,
      store: createFolderStore(join(folder.path, 'store')),
      journal: createFolderJournal(join(folder.path, 'journal')),
    };
    const moments: Moment[] = [];
    const onStep = () => {
      const { user, system } = process.cpuUsage();
      const heapMb = process.memoryUsage().heapUsed / 2 ** 20;
      moments.push({ atMs: performance.now(), cpuMs: (user + system) / 1_000, heapMb });
    };
    const { made, shortenings } = await runLongSession(onDisk, {
      folder: join(folder.path, 'sessions'),
      steps,
      window,
      onStep,
    });
    return rowsOf(made, moments, shortenings);
  },
};

function rowsOf(made: readonly LongStep[], moments: readonly Moment[], shortenings: number): Row[] {
  const row = (metric: string, unit: string, of: (from: number, to: number) => number, isJudged = true): Row => {
    const [baseline, ours] = [of(warmUp, warmUp + compared), of(steps - compared, steps)];
    const target = isJudged ? { target: atMost(1.15, 1.03) } : {};
    return {
      metric,
      unit,
      baseline,
      against: `steps ${warmUp}–${warmUp + compared}`,
      ours,
      ratio: ours / baseline,
      ...target,
    };
  };
  const gap = (name: 'atMs' | 'cpuMs') => (from: number, to: number) =>
    (moments[to - 1]![name] - moments[from]![name]) / (to - 1 - from);
  const mean = (name: keyof LongStep) => (from: number, to: number) =>
    made.slice(from, to).reduce((sum, step) => sum + step[name], 0) / (to - from);
  const heap = (from: number, to: number) => median(moments.slice(from, to).map(({ heapMb }) => heapMb));
  const last = `the last ${compared} of ${steps} steps`;
  return [
    row(`${last}, one step`, 'ms', gap('atMs')),
    row(`${last}, CPU of one step`, 'ms', gap('cpuMs')),
    row(`${last}, read from the store in one step`, 'bytes', mean('readBytes')),
    row(`${last}, state`, 'bytes', mean('state')),
    row(`${last}, heap`, 'MB', heap),
    {
      metric: 'longest conversation that the model was given',
      unit: 'tokens',
      ours: made.reduce((most, { sent }) => Math.max(most, sent), 0),
      note: `reads ${window} at once; shortened ${shortenings} times`,
    },
  ];
}

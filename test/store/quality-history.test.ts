import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryPoint } from '../../src/quality/points.ts';
import { createQualityHistory } from '../../src/store/quality-history.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-history-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function night(interval: string, runId = 'r'): HistoryPoint {
  return { schema: 'dpa.quality-point/2', suite: 'a/ü', interval, runId, recordedAt: '', checks: {}, columns: {} };
}

test('a re-run replaces its own point; only what lies before is read', async () => {
  const history = createQualityHistory(folder);
  for (const point of [
    night('2024-01-02'),
    night('2024-01-01', 'first'),
    night('2024-01-03'),
    night('2024-01-01', 'second'),
  ]) {
    await history.write(point);
  }
  const { points, problems } = await history.before('a/ü', '2024-01-03');
  expect(points.map(({ interval, runId }) => [interval, runId])).toEqual([
    ['2024-01-01', 'second'],
    ['2024-01-02', 'r'],
  ]);
  expect(problems).toEqual([]);
  expect(await history.suites()).toEqual(['a/ü']);
});

const written = (checks: unknown, columns: unknown = {}): string =>
  JSON.stringify({ schema: 'dpa.quality-point/2', interval: '2024-01-02', checks, columns });

test.each([
  '',
  '{',
  '[]',
  '{"schema":"other"}',
  '\u0000',
  written(null),
  written([]),
  written({ a: null }),
  written({ a: { verdict: 'passed' } }),
  written({}, null),
  written({}, { t: 'none' }),
])('a point that is no point (%j) is named, kept aside, and the rest is read', async (text) => {
  const history = createQualityHistory(folder);
  await history.write(night('2024-01-01'));
  await history.write(night('2024-01-02'));
  const own = join(folder, encodeURIComponent('a/ü'));
  await writeFile(join(own, '2024-01-02.json'), text);
  const { points, problems } = await history.all('a/ü');
  expect(points.map(({ interval }) => interval)).toEqual(['2024-01-01']);
  expect(problems).toEqual([expect.stringContaining('2024-01-02')]);
  expect(await readdir(own)).toEqual(['2024-01-01.json', '2024-01-02.json.unreadable']);
  expect((await history.all('a/ü')).problems).toEqual([]);
});

test('what is no file of a night is told or left alone, never the end of a run', async () => {
  const history = createQualityHistory(folder);
  await history.write(night('2024-01-01'));
  const own = join(folder, encodeURIComponent('a/ü'));
  await mkdir(join(own, '2024-01-02.json'));
  await writeFile(join(own, '50%.json'), 'notes');
  const { points, problems } = await history.all('a/ü');
  expect(points.map(({ interval }) => interval)).toEqual(['2024-01-01']);
  expect(problems).toEqual([expect.stringContaining('2024-01-02')]);
  expect((await readdir(own)).toSorted()).toEqual(['2024-01-01.json', '2024-01-02.json.unreadable', '50%.json']);
});

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSourceFailures } from '../../src/store/source-failures.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-sources-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const failure = { tool: 'db__query', class: 'syntax', message: 'no such column: region', remedy: 'Call describe.' };

test('what failed is known to the next worker, each source by itself; many at once are all counted', async () => {
  const failures = createSourceFailures(join(folder, 'sources'));
  await Promise.all(Array.from({ length: 10 }, () => failures.remember('db', failure)));
  const next = createSourceFailures(join(folder, 'sources'));
  expect(await next.lessons(['lake', 'db'])).toEqual([
    'db__query failed 10 times (syntax): no such column: region What helps: Call describe.',
  ]);
  expect(await next.lessons(['lake'])).toEqual([]);
});

test('a damaged file, or a folder that cannot be written, ends nothing', async () => {
  await writeFile(join(folder, 'db.json'), '{"v":1,"failures":[{"tool":3},');
  const failures = createSourceFailures(folder);
  expect(await failures.lessons(['db'])).toEqual([]);
  await failures.remember('db', failure);
  expect(await failures.lessons(['db'])).toHaveLength(1);
  await createSourceFailures(join(folder, 'db.json')).remember('db', failure);
  expect(await readdir(folder)).toEqual(['db.json']);
});

/** A broken file is named with its fault, and never gets in the way of the others. */
import { chmodSync, closeSync, ftruncateSync, openSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { openLake } from './lake-fixture.ts';

const good = { 'good.csv': 'n\n1\n2\n' };

const broken: readonly (readonly [file: string, content: string | Uint8Array, problem: RegExp])[] = [
  ['empty.csv', '', /empty \(0 bytes\)/],
  ['empty.json', '', /empty \(0 bytes\)/],
  ['empty.parquet', '', /empty \(0 bytes\)/],
  ['blank.csv', ' \n\n', /nothing but white space/],
  ['short_row.csv', `a,b,c\n${'1,2,3\n'.repeat(50)}1,2\n`, /line 52: Expected Number of Columns: 3 Found: 2/],
  ['long_row.csv', `a,b,c\n${'1,2,3\n'.repeat(50)}1,2,3,4\n`, /line 52: Expected Number of Columns: 3 Found: 4/],
  ['open_quote.csv', `a,b\n1,"x, y"\n2,"y\n${'3,z\n'.repeat(3000)}`, /line 3: Value with unterminated quote/],
  ['latin1.csv', Buffer.from('a,b\nGar\u00e7on,1\n', 'latin1'), /line 2: Invalid unicode/],
  ['utf16.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), /UTF-16/],
  ['binary.csv', Buffer.from([1, 0, 2, 0, 10]), /binary data/],
  ['bad_gzip.csv.gz', 'not gzip', /incorrect header check/],
  ['cut_gzip.csv.gz', gzipSync(`a,b\n${'1,2\n'.repeat(1000)}`).subarray(0, 40), /unexpected end of file/],
  ['text.json', 'hello', /starts with "h"/],
  ['cut.json', '[{"a":1},{"a":', /does not end with \]/],
  ['cut_between.json', '[{"a":1},\n', /does not end with \]/],
  ['cut_line.ndjson', '{"a":1}\n{"a":', /Malformed JSON.*unexpected end/],
  ['bad_line.ndjson', '{"a":1}\n{"a":2\n{"a":3}\n', /Malformed JSON.*line 3/],
  ['not.parquet', 'PAR1', /too small to be a Parquet file/],
];

test.each(broken)('%s is listed with its problem, and the good file still works', async (file, content, problem) => {
  await using lake = await openLake({ ...good, [file]: content });
  const listed = await lake.rows('list_datasets');
  const bad = listed.find((row) => row['dataset'] !== 'good');
  expect(bad).toMatchObject({ rows: null, columns: null, problem: expect.stringMatching(problem) });
  expect(bad?.['problem']).not.toContain('\n');
  expect(bad?.['problem']).not.toContain(lake.folder);
  expect(await lake.sql('SELECT sum(n) AS s FROM good')).toEqual([{ s: '3' }]);
  const { error } = await lake.call('query', { sql: `SELECT * FROM ${String(bad?.['dataset'])}` });
  expect(error).toMatchObject({
    code: 'dataset_unreadable',
    class: 'conflict',
    message: expect.stringMatching(problem),
  });
});

test('a truncated Parquet file', async () => {
  await using lake = await openLake(good);
  const path = join(lake.folder, 'cut.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (SELECT range AS n FROM range(1000)) TO '${path}'`);
  connection.closeSync();
  instance.closeSync();
  expect(await lake.sql('SELECT sum(n) AS s FROM cut')).toEqual([{ s: '499500' }]);
  truncateSync(path, 500);
  const [cut] = await lake.rows('list_datasets');
  expect(cut).toMatchObject({ dataset: 'cut', rows: null, problem: expect.stringContaining('No magic bytes') });
});

test('a single line of 1 GiB is refused within 5 seconds from its beginning alone', async () => {
  await using lake = await openLake(good);
  for (const [name, start] of [
    ['endless.csv', 'a,b,c'],
    ['endless.ndjson', '{"a":"'],
  ] as const) {
    const path = lake.write(name, `${start}${'x'.repeat(3 * 1024 * 1024)}`);
    const file = openSync(path, 'r+');
    ftruncateSync(file, 1024 ** 3);
    closeSync(file);
  }
  const startedMs = performance.now();
  const listed = await lake.rows('list_datasets');
  expect(performance.now() - startedMs).toBeLessThan(5000);
  const problems = listed.filter((row) => row['dataset'] !== 'good').map((row) => row['problem']);
  expect(problems).toEqual([
    'endless.csv has no line end within its first 2 MiB; longer lines are not read.',
    'endless.ndjson has no line end within its first 2 MiB; longer lines are not read.',
  ]);
});

test('a header without rows is an empty dataset, not a problem', async () => {
  await using lake = await openLake({ 'header.csv': 'a,b\n', 'bare.csv': 'a,b', 'none.json': '[]' });
  const listed = await lake.rows('list_datasets');
  expect(listed.map((row) => [row['dataset'], row['rows'], row['problem']])).toEqual([
    ['bare', 0, null],
    ['header', 0, null],
    ['none', 0, null],
  ]);
  expect(await lake.sql('SELECT count(a) AS n FROM header')).toEqual([{ n: '0' }]);
  expect((await lake.rows('profile_dataset', { dataset: 'header' }))[0]).toMatchObject({ rows: '0', distinct: '0' });
});

test('paths that lead nowhere are listed with the reason', async () => {
  await using lake = await openLake({ 'docs/readme.txt': 'x', 'note.txt': 'x' }, (folder) => [
    join(folder, 'absent.csv'),
    join(folder, 'docs'),
    join(folder, '*.parquet'),
    join(folder, 'note.txt'),
  ]);
  const problems = (await lake.rows('list_datasets')).map((row) => row['problem']);
  expect(new Set(problems)).toEqual(
    new Set([
      'No file matches the pattern *.parquet.',
      'The folder docs holds no CSV, JSON or Parquet file.',
      'There is no file or folder absent.csv.',
      'note.txt is not a CSV, JSON or Parquet file by its name.',
    ]),
  );
});

test('symbolic links out of the folder are not followed; within it, and when named by the user, they are', async () => {
  await using lake = await openLake({ 'in/a.csv': 'n\n1\n', 'out/secret.csv': 'n\n42\n' }, (folder) => [
    join(folder, 'in'),
    join(folder, 'named.csv'),
  ]);
  symlinkSync(join(lake.folder, 'out/secret.csv'), join(lake.folder, 'in/escape.csv'));
  symlinkSync(join(lake.folder, 'in/gone.csv'), join(lake.folder, 'in/dangling.csv'));
  symlinkSync(join(lake.folder, 'out/secret.csv'), join(lake.folder, 'named.csv'));
  const listed = await lake.rows('list_datasets');
  expect(Object.fromEntries(listed.map((row) => [row['dataset'], row['problem']]))).toEqual({
    a: null,
    named: null,
    escape: 'escape.csv is a symbolic link out of the allowed folder; it is not followed.',
    dangling: 'dangling.csv cannot be read: it is a link to nothing, or was removed.',
  });
});

test('a file without read permission is listed so; root may read everything', async () => {
  await using lake = await openLake({ ...good, 'locked.csv': 'n\n1\n' });
  chmodSync(join(lake.folder, 'locked.csv'), 0);
  const listed = await lake.rows('list_datasets');
  const isRoot = process.getuid?.() === 0;
  const problem = isRoot ? null : 'locked.csv cannot be read: permission denied.';
  expect(listed.map((row) => row['problem'])).toEqual([null, problem]);
});

/** What a CSV holds is what a query shows: no cell is lost to a guessed type, a guessed dialect or a strange name. */
import { gzipSync } from 'node:zlib';
import { openLake } from './lake-fixture.ts';

test('a value in the last row that is no number keeps the column text', async () => {
  await using lake = await openLake({ 'late.csv': `n\n${'1\n'.repeat(30_000)}N/A\n` });
  expect(await lake.sql("SELECT count(*) AS n FROM late WHERE n = 'N/A'")).toEqual([{ n: '1' }]);
});

test('leading zeros and identifiers of 16 digits and more survive', async () => {
  await using lake = await openLake({ 'codes.csv': 'zip,card,big\n01234,12345678901234567890,1\n98765,1,2.5\n' });
  expect(await lake.sql('SELECT * FROM codes LIMIT 1')).toEqual([
    { zip: '01234', card: '12345678901234567890', big: 1 },
  ]);
});

test('delimiters, quotes, line ends and byte order marks', async () => {
  await using lake = await openLake({
    'semicolon.csv': 'a;b\n1,5;x\n',
    'tab.tsv': 'a\tb\n"1,5"\tx\n',
    'pipe.csv': 'a|b\n1,5|x\n',
    'crlf.csv': 'a,b\r\n"1,5",x\r\n',
    'bom.csv': '\ufeffa,b\n"1,5",x\n',
    'packed.csv.gz': gzipSync('a,b\n"1,5",x\n'),
    'inches.csv': 'a,b\n"1,5",x\n5" pipe,y\n',
    'backslash.csv': 'a,b\n"1,5",x\n"a \\" b",y\n',
    'lines.csv': 'a,b\n"1,5",x\n"two\nlines",y\n',
  });
  for (const dataset of ['semicolon', 'tab', 'pipe', 'crlf', 'bom', 'packed', 'inches', 'backslash', 'lines']) {
    expect([dataset, (await lake.sql(`SELECT * FROM ${dataset}`))[0]]).toEqual([dataset, { a: '1,5', b: 'x' }]);
  }
  expect(await lake.sql('SELECT a FROM inches OFFSET 1')).toEqual([{ a: '5" pipe' }]);
  expect(await lake.sql('SELECT a FROM backslash OFFSET 1')).toEqual([{ a: 'a " b' }]);
  expect(await lake.sql('SELECT a FROM lines OFFSET 1')).toEqual([{ a: 'two\nlines' }]);
});

test('a file without header gets column names; a header of words over words is a header', async () => {
  await using lake = await openLake({ 'bare.csv': '1,ann\n2,bob\n', 'words.csv': 'name,city\nann,rome\n' });
  expect(await lake.sql('SELECT * FROM bare')).toHaveLength(2);
  expect(await lake.sql('SELECT * FROM words')).toEqual([{ name: 'ann', city: 'rome' }]);
});

test('an empty cell is NULL, quoted or not, as DuckDB reads it', async () => {
  await using lake = await openLake({ 'gaps.csv': 'a,b\nx,\n,""\n' });
  expect(await lake.sql('SELECT * FROM gaps')).toEqual([
    { a: 'x', b: null },
    { a: null, b: null },
  ]);
});

test('column names with quotes, spaces, umlauts, SQL, and twice the same', async () => {
  const header = `"a ""q""","b c",ü,"x'; DROP TABLE y; --",twice,twice`;
  await using lake = await openLake({ 'names.csv': `${header}\n1,2,3,4,5,6\n` });
  const columns = (await lake.rows('describe_dataset', { dataset: 'names' })).map((row) => String(row['column']));
  expect(columns).toEqual(['a "q"', 'b c', 'ü', "x'; DROP TABLE y; --", 'twice', 'twice_1']);
  for (const column of columns) {
    const sample = await lake.call('sample_rows', { dataset: 'names', columns: [column] });
    expect(sample.data?.columns[0]?.name).toBe(column);
  }
  const profile = await lake.rows('profile_dataset', { dataset: 'names' });
  expect(profile.map((row) => row['min'])).toEqual(['1', '2', '3', '4', '5', '6']);
});

/** profile_dataset: counts equal to direct queries, values in a fixed order, dirt made visible. */
import { DuckDBInstance } from '@duckdb/node-api';
import * as z from 'zod';
import { limits } from '../../../src/mcp-servers/data-lake/limits.ts';
import { valuesStatement } from '../../../src/mcp-servers/data-lake/profile-values.ts';
import { openLake } from './lake-fixture.ts';

const dirty = [
  'id,size,rate,flag,day,note',
  '1,12 oz,0.5,true,2024-01-01,"a ""b"""',
  '2,12 oz.,0.25%,false,2024-01-02,',
  '3,16 oz,N/A,true,2024-01-03,x',
  '4,12 oz,,true,,y',
  '',
].join('\n');

test('numbers, dates, flags and texts', async () => {
  await using lake = await openLake({ 'dirty.csv': dirty });
  const [id, size, rate, flag, day, note] = await lake.rows('profile_dataset', { dataset: 'dirty' });
  expect(id).toEqual({
    column: 'id',
    type: 'BIGINT',
    rows: '4',
    nulls: '0',
    distinct: '4',
    min: '1',
    max: '4',
    mean: 2.5,
    stddev: expect.closeTo(1.2909944, 6),
    p25: 1.75,
    p50: 2.5,
    p75: 3.25,
    min_length: null,
    max_length: null,
    numeric_text: null,
    top_values: '[["1",1],["2",1],["3",1],["4",1]]',
    patterns: null,
  });
  expect(size).toMatchObject({
    distinct: '3',
    mean: null,
    min_length: '5',
    max_length: '6',
    numeric_text: '0',
    top_values: '[["12 oz",2],["12 oz.",1],["16 oz",1]]',
    patterns: '[["99 a",3,"12 oz"],["99 a.",1,"12 oz."]]',
  });
  expect(rate).toMatchObject({
    nulls: '1',
    numeric_text: '1',
    patterns: '[["9.9",1,"0.5"],["9.99%",1,"0.25%"],["A/A",1,"N/A"]]',
  });
  expect(flag).toMatchObject({ type: 'BOOLEAN', mean: 0.75, top_values: '[["true",3],["false",1]]' });
  expect(day).toMatchObject({ type: 'DATE', nulls: '1', min: '2024-01-01', max: '2024-01-03', mean: null });
  expect(JSON.parse(String(note?.['top_values']))).toEqual([
    ['a "b"', 1],
    ['x', 1],
    ['y', 1],
  ]);
});

test('patterns know letters of every script and keep what is neither letter nor digit', async () => {
  await using lake = await openLake({ 'names.csv': 'v\nÉmile-7\nБорис 12\nUSA_x\n東京\n' });
  const [row] = await lake.rows('profile_dataset', { dataset: 'names' });
  expect(row?.['patterns']).toBe('[["A_a",1,"USA_x"],["Aa 99",1,"Борис 12"],["Aa-9",1,"Émile-7"],["東京",1,"東京"]]');
});

test('only the columns asked for, in the order asked for; the result is the same twice', async () => {
  await using lake = await openLake({ 'dirty.csv': dirty });
  const ask = { dataset: 'dirty', columns: ['rate', 'id'] };
  const [first, second] = [await lake.call('profile_dataset', ask), await lake.call('profile_dataset', ask)];
  expect(first.data?.rows.map((row) => row[0])).toEqual(['rate', 'id']);
  expect(first.meta?.fingerprint).toBe(second.meta?.fingerprint);
  expect(first.meta?.sampling).toBeNull();
});

test('nested, infinite and all-NULL columns do not break it', async () => {
  await using lake = await openLake({
    'odd.ndjson': '{"list":[1,2],"s":{"a":1},"gone":null,"x":1}\n{"list":[],"s":null,"gone":null,"x":2.5}\n',
    'inf.csv': 'x\n1\ninf\nnan\n3\n',
    'huge.csv': 'x\n1e308\n-1e308\n1e307\n',
  });
  const odd = await lake.rows('profile_dataset', { dataset: 'odd' });
  expect(odd.map((row) => [row['column'], row['nulls'], row['distinct']])).toEqual([
    ['list', '0', '2'],
    ['s', '1', '1'],
    ['gone', '2', '0'],
    ['x', '0', '2'],
  ]);
  const [inf] = await lake.rows('profile_dataset', { dataset: 'inf' });
  expect(inf).toMatchObject({ rows: '4', mean: 2, p50: 2 });
  const [huge] = await lake.rows('profile_dataset', { dataset: 'huge' });
  expect(huge).toMatchObject({ rows: '3', max: '1e+308', stddev: null });
});

test('more columns than one statement takes', async () => {
  const names = Array.from({ length: 90 }, (_, n) => `c${n}`);
  await using lake = await openLake({ 'wide.csv': `${names.join(',')}\n${names.map((_, n) => n).join(',')}\n` });
  const rows = await lake.rows('profile_dataset', { dataset: 'wide' });
  expect(rows.map((row) => [row['column'], row['min'], row['top_values']])).toEqual(
    names.map((name, n) => [name, String(n), `[["${n}",1]]`]),
  );
});

test('very many distinct values: the patterns come from a part of them, and the result says so', async () => {
  const many = limits.exactPatternValues + 1;
  await using lake = await openLake({
    'ids.csv': `v\n${Array.from({ length: many }, (_, n) => `x${n}y`).join('\n')}\n`,
  });
  const { data, meta } = await lake.call('profile_dataset', { dataset: 'ids' });
  const patternSchema = z.array(z.tuple([z.string(), z.number(), z.string()]));
  const patterns = patternSchema.parse(JSON.parse(String(data?.rows[0]?.at(-1))));
  const counted = patterns.reduce((sum, [, count]) => sum + count, 0);
  expect(counted).toBeGreaterThan(many * 0.45);
  expect(counted).toBeLessThan(many * 0.55);
  expect(meta?.sampling?.note).toContain('patterns of v');
});

test('more rows than are profiled exactly: a sample by content, the same every time', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE t AS SELECT range AS n, range % 2 AS even FROM range(20000)`);
  const columns = [
    { name: 'n', type: 'BIGINT' },
    { name: 'even', type: 'BIGINT' },
  ];
  // A dataset that claims to be large is sampled: one row in ten is kept.
  const claimed = { name: 't', rows: limits.profileSampleRows * 10 };
  const statement = valuesStatement(claimed, columns, [20_000, 2]);
  const read = async () => (await connection.runAndReadAll(`SELECT * FROM (${statement}) ORDER BY 1`)).getRowsJson();
  const [first, second] = [await read(), await read()];
  expect(second).toEqual(first);
  const even = z.array(z.tuple([z.string(), z.number()])).parse(JSON.parse(z.string().parse(first[1]?.[1])));
  const sampled = even.reduce((sum, [, count]) => sum + count, 0);
  expect(sampled).toBeGreaterThan(1500);
  expect(sampled).toBeLessThan(2500);
  connection.closeSync();
  instance.closeSync();
});

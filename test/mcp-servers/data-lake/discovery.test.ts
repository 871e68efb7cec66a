/** Which files become which datasets, under which names. */
import { join } from 'node:path';
import { identifierFrom, uniqueNames } from '../../../src/mcp-servers/data-lake/identifiers.ts';
import { openLake } from './lake-fixture.ts';

test('names become identifiers that need no quotes', () => {
  const names = ['my orders-2024', '2024', 'é té', '__x__', '!!!', 'a.b.c'].map(identifierFrom);
  expect(names).toEqual(['my_orders_2024', 't_2024', 'é_té', 'x', 'dataset', 'a_b_c']);
});

test('names met twice and reserved words get the format, then a number', () => {
  const wanted = [
    { stem: 'orders', format: 'csv' },
    { stem: 'Orders', format: 'parquet' },
    { stem: 'order', format: 'csv' },
    { stem: 'semi', format: 'csv' },
    { stem: 'x-y', format: 'csv' },
    { stem: 'x y', format: 'csv' },
  ];
  expect(uniqueNames(wanted)).toEqual([
    'orders_csv',
    'Orders_parquet',
    'order_csv',
    'semi_csv',
    'x_y_csv',
    'x_y_csv_2',
  ]);
});

test('a sub-folder is one dataset; key=value folders are columns; formats are kept apart', async () => {
  await using lake = await openLake({
    'sales/year=2023/a.csv': 'n\n1\n',
    'sales/year=2024/a.csv': 'n\n2\n',
    'sales/year=2024/b.csv': 'n\n3\n',
    'logs/one.ndjson': '{"n":1}\n',
    'logs/deep/two.ndjson': '{"n":2}\n',
    'logs/extra.csv': 'n\n9\n',
    'top.csv': 'n\n7\n',
  });
  const listed = await lake.rows('list_datasets');
  expect(listed.map((row) => [row['dataset'], row['format'], row['files'], row['rows']])).toEqual([
    ['logs_json', 'json', 2, 2],
    ['logs_csv', 'csv', 1, 1],
    ['sales', 'csv', 3, 3],
    ['top', 'csv', 1, 1],
  ]);
  expect(await lake.sql('SELECT year, sum(n) AS s FROM sales GROUP BY year ORDER BY year')).toEqual([
    { year: '2023', s: '1' },
    { year: '2024', s: '5' },
  ]);
});

test('a partitioned folder given itself is one dataset', async () => {
  await using lake = await openLake(
    { 'events/day=2024-01-01/a.json': '[{"n":1}]', 'events/day=2024-01-02/a.json': '[{"n":2,"m":"x"}]' },
    (folder) => [join(folder, 'events')],
  );
  expect(await lake.sql('SELECT day, n, m FROM events ORDER BY day')).toEqual([
    { day: '2024-01-01', n: '1', m: null },
    { day: '2024-01-02', n: '2', m: 'x' },
  ]);
});

test('files of one folder may differ in columns, order and types', async () => {
  await using lake = await openLake({
    'mix/a.csv': 'id,name\n1,ann\n',
    'mix/b.csv': 'name;id;extra\nbob;x2;5\n',
  });
  expect(await lake.sql('SELECT * FROM mix ORDER BY id')).toEqual([
    { id: '1', name: 'ann', extra: null },
    { id: 'x2', name: 'bob', extra: '5' },
  ]);
});

test('globs and files, and names that look like globs or hold quotes', async () => {
  await using lake = await openLake(
    { 'a1.csv': 'n\n1\n', 'a2.csv': 'n\n2\n', 'b.csv': 'n\n3\n', "it's [1]*.csv": 'n\n4\n' },
    (folder) => [join(folder, 'a*.csv'), join(folder, 'b.csv'), join(folder, "it's [1]*.csv")],
  );
  expect((await lake.rows('list_datasets')).map((row) => row['dataset'])).toEqual(['a1', 'a2', 'b', 'it_s_1']);
  expect(await lake.sql('SELECT n FROM it_s_1')).toEqual([{ n: '4' }]);
});

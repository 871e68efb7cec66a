/** The five tools answer what their descriptions promise. */
import { openLake } from './lake-fixture.ts';

const orders = 'id,customer,amount,placed\n1,ann,10.5,2024-01-01\n2,bob,,2024-01-02\n3,ann,7,2024-02-01\n';

test('list_datasets names each file by its stem with rows, columns and bytes', async () => {
  await using lake = await openLake({
    'orders.csv': orders,
    'events.ndjson': '{"kind":"a","n":1}\n{"kind":"b"}\n',
    'README.md': 'no data',
  });
  expect(await lake.rows('list_datasets')).toEqual([
    { dataset: 'events', format: 'json', files: 1, bytes: 32, rows: 2, columns: 2, problem: null },
    {
      dataset: 'orders',
      format: 'csv',
      files: 1,
      bytes: Buffer.byteLength(orders),
      rows: 3,
      columns: 4,
      problem: null,
    },
  ]);
});

test('describe_dataset gives type and example of each column', async () => {
  await using lake = await openLake({ 'orders.csv': orders });
  expect(await lake.rows('describe_dataset', { dataset: 'orders' })).toEqual([
    { column: 'id', type: 'BIGINT', nullable: true, example: '1' },
    { column: 'customer', type: 'VARCHAR', nullable: true, example: 'ann' },
    { column: 'amount', type: 'DOUBLE', nullable: true, example: '10.5' },
    { column: 'placed', type: 'DATE', nullable: true, example: '2024-01-01' },
  ]);
});

test('sample_rows gives the first rows and says how many there are', async () => {
  await using lake = await openLake({ 'orders.csv': orders });
  const { data, meta } = await lake.call('sample_rows', { dataset: 'orders', columns: ['customer', 'ID'], limit: 2 });
  expect(data?.rows).toEqual([
    ['ann', '1'],
    ['bob', '2'],
  ]);
  expect(meta).toMatchObject({
    returnedRows: 2,
    totalRows: 3,
    truncated: true,
    truncation: [{ reason: 'rows', limit: 2 }],
  });
});

test('query joins datasets of different formats', async () => {
  await using lake = await openLake({ 'orders.csv': orders, 'people.json': '[{"name":"ann","age":30}]' });
  const sql = 'SELECT age, sum(amount) AS total FROM orders JOIN people ON customer = name GROUP BY age';
  const { data, meta } = await lake.call('query', { sql });
  expect(data).toEqual({
    columns: [
      { name: 'age', type: 'BIGINT' },
      { name: 'total', type: 'DOUBLE' },
    ],
    rows: [['30', 17.5]],
  });
  expect(meta).toMatchObject({ datasets: ['orders', 'people'], statement: sql, totalRows: 1, truncated: false });
});

test('a file that changes is read anew by the next call, and a new file appears', async () => {
  await using lake = await openLake({ 'a.csv': 'n\n1\n' });
  expect(await lake.sql('SELECT sum(n) AS s FROM a')).toEqual([{ s: '1' }]);
  lake.write('a.csv', 'n\n1\n20\n');
  lake.write('b.csv', 'n\n5\n');
  expect(await lake.sql('SELECT sum(n) AS s FROM a')).toEqual([{ s: '21' }]);
  expect(await lake.sql('SELECT sum(n) AS s FROM b')).toEqual([{ s: '5' }]);
});

test('calls at the same time each get their own answer', async () => {
  await using lake = await openLake({ 'a.csv': `n\n${Array.from({ length: 500 }, (_, n) => n).join('\n')}\n` });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => lake.sql(`SELECT count(*) AS c FROM a WHERE n < ${n}`)),
  );
  expect(answers.map(([row]) => row?.['c'])).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
});

test('arguments are strict: unknown, missing and wrong ones are refused in the same envelope', async () => {
  await using lake = await openLake({ 'orders.csv': orders });
  const wrong = [
    ['list_datasets', { all: true }],
    ['describe_dataset', {}],
    ['sample_rows', { dataset: 'orders', limits: 3 }],
    ['sample_rows', { dataset: 'orders', limit: 0 }],
    ['profile_dataset', { dataset: 'orders', columns: [] }],
    ['query', { sql: 'SELECT 1', max_rows: 10_001 }],
    ['query', { sql: 1 }],
  ] as const;
  for (const [name, args] of wrong) {
    const { error } = await lake.call(name, args);
    expect(error).toMatchObject({ code: 'bad_arguments', class: 'syntax', retryable: false });
  }
  const { error } = await lake.call('sample_rows', { dataset: 'orders', limits: 3 });
  expect(error?.suggestions).toEqual(['limit']);
});

test('a name that does not exist comes back with the nearest ones', async () => {
  await using lake = await openLake({ 'orders.csv': orders, 'people.csv': 'name\nann\n' });
  const cases = [
    ['describe_dataset', { dataset: 'ordrs' }, 'unknown_dataset', 'orders'],
    ['sample_rows', { dataset: 'orders', columns: ['custmer'] }, 'unknown_column', 'customer'],
    ['query', { sql: 'SELECT * FROM peple' }, 'unknown_dataset', 'people'],
    ['query', { sql: 'SELECT custmer FROM orders' }, 'unknown_column', 'customer'],
    ['query', { sql: 'SELECT o.amout FROM orders o' }, 'unknown_column', 'amount'],
    ['querry', {}, 'unknown_tool', 'query'],
  ] as const;
  for (const [name, args, code, nearest] of cases) {
    const { error } = await lake.call(name, args);
    expect(error).toMatchObject({ code, class: 'not_found' });
    expect(error?.suggestions?.[0]).toBe(nearest);
  }
  const { error } = await lake.call('query', { sql: 'SELECT custmer FROM orders' });
  expect(error?.hint).toContain('id, customer, amount, placed');
});

test('errors of SQL carry a class that says what to do', async () => {
  await using lake = await openLake({ 'orders.csv': orders });
  const cases = [
    ['SELEC 1', 'bad_syntax', 'syntax'],
    ['SELECT no_such_function(id) FROM orders', 'unknown_function', 'not_found'],
    ['SELECT customer::INTEGER FROM orders', 'bad_statement', 'syntax'],
    ['SELECT customer, count(*) FROM orders', 'bad_statement', 'syntax'],
    ["SELECT getvariable('x')", 'function', 'policy'],
  ] as const;
  for (const [sql, code, errorClass] of cases) {
    const { error } = await lake.call('query', { sql });
    expect([sql, error?.code, error?.class]).toEqual([sql, code, errorClass]);
    expect(error?.message).not.toContain(lake.folder);
  }
});

test('list_files names each file with an identity that changes with it; query reads some of them, and says which row is whose', async () => {
  await using lake = await openLake({
    'days/a.csv': 'n,s\n1,x\n2,y\n',
    'days/b.csv': 'n,s\n3.5,z\n',
    'c.csv': 'n\n9\n',
  });
  const files = await lake.rows('list_files', { dataset: 'days' });
  expect(files.map(({ file }) => String(file).slice(-5))).toEqual(['a.csv', 'b.csv']);
  const [first, second] = files.map(({ file }) => String(file));
  const count = 'SELECT dpa_file, typeof(n) AS type, sum(n) AS total FROM days GROUP BY ALL ORDER BY ALL';
  const some = (only?: (string | undefined)[]) =>
    lake.rows('query', { sql: count, files: { dataset: 'days', ...(only === undefined ? {} : { only }) } });
  // Types are those of all files, also where the one that is read would have others.
  expect(await some([first])).toEqual([{ dpa_file: first, type: 'DOUBLE', total: 3 }]);
  expect(await some()).toEqual([
    { dpa_file: first, type: 'DOUBLE', total: 3 },
    { dpa_file: second, type: 'DOUBLE', total: 3.5 },
  ]);
  const { error } = await lake.call('query', {
    sql: count,
    files: { dataset: 'days', only: [`${lake.folder}/c.csv`] },
  });
  expect(error).toMatchObject({ code: 'unknown_file', class: 'not_found' });
  lake.write('days/b.csv', 'n,s\n4.5,z\n');
  const after = await lake.rows('list_files', { dataset: 'days' });
  expect(after[0]).toEqual(files[0]);
  expect(after[1]!['identity']).not.toBe(files[1]!['identity']);
});

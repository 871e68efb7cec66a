import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dpa } from '../../support/dpa.ts';

let folder: string;
let env: Record<string, string>;
const run = (...words: string[]) => dpa(['quality', 'run', ...words], { cwd: folder, env });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-quality-'));
  env = { DPA_HOME: join(folder, 'home') };
  await mkdir(join(folder, 'contracts'));
  await writeFile(join(folder, 'orders.csv'), 'id,amount,email\n1,5,a@b.de\n2,-1,c@d.de\n3,7,\n');
  await writeFile(join(folder, 'good.csv'), 'id,amount,email\n1,5,a@b.de\n2,1,c@d.de\n');
  await writeFile(join(folder, 'contracts/orders.odcs.yaml'), contract('error'));
  await writeFile(join(folder, 'warns.yaml'), contract('warning'));
  await writeFile(join(folder, 'broken.yaml'), 'apiVersion: v3.1.0\nkind: DataContract\nid: [\n');
  await writeFile(join(folder, 'missing.yaml'), contract('error').replace('- name: amount', '- name: amuont'));
  expect((await dpa(['up'], { cwd: folder, env })).code).toBe(0);
}, 120_000);

afterAll(async () => {
  await dpa(['down'], { cwd: folder, env });
  await rm(folder, { recursive: true, force: true });
}, 60_000);

function contract(severity: string): string {
  return `apiVersion: v3.1.0
kind: DataContract
id: orders-${severity}
version: 1.0.0
status: active
schema:
  - name: orders
    properties:
      - name: id
        primaryKey: true
        primaryKeyPosition: 1
      - name: amount
        quality:
          - id: amount-positive
            type: custom
            engine: dpa
            implementation: { check: range, minimum: 0 }
            severity: ${severity}
      - name: email
        classification: confidential
        quality:
          - id: email-there
            metric: nullValues
            mustBeLessThan: 2
`;
}

test('what fails is shown with its rows, classified columns are not, and the exit code is 1', async () => {
  const { code, stdout } = await run('contracts', '--data', 'orders.csv');
  expect(stdout).toMatch(/✗ .*amount/);
  expect(stdout).toContain('1 of 3 rows violate it');
  expect(stdout).toMatch(/2 +-1/);
  expect(stdout).not.toContain('c@d.de');
  expect(code).toBe(1);
});

test('what holds ends with 0 and leaves the reports', async () => {
  const { code, stdout } = await run('contracts', '--data', 'good.csv', '-o', 'out', '--json');
  const result = JSON.parse(stdout) as { result: string; checks: { result: string }[]; exitCode: number };
  expect(result).toMatchObject({ result: 'passed', exitCode: 0 });
  expect((await readdir(join(folder, 'out'))).toSorted()).toEqual([
    'junit.xml',
    'report.html',
    'report.md',
    'result.json',
  ]);
  expect(await readFile(join(folder, 'out/report.html'), 'utf8')).not.toMatch(/<script|javascript:/i);
  expect(code).toBe(0);
});

test('warnings end with 0, and with 2 where they count', async () => {
  expect((await run('warns.yaml', '--data', 'orders.csv')).code).toBe(0);
  expect((await run('warns.yaml', '--data', 'orders.csv', '--warnings-as-errors')).code).toBe(2);
});

test('a column that is not there is an error with the nearest name, and the exit code is 3', async () => {
  const { code, stdout } = await run('missing.yaml', '--data', 'good.csv');
  expect(stdout).toMatch(/Expected a column "amuont" in good, found none\. Did you mean "amount"\?/);
  expect(code).toBe(3);
});

test('a table without data is an error, never green', async () => {
  await writeFile(join(folder, 'other.csv'), 'x\n1\n');
  const { code, stdout } = await run('contracts', '--data', 'good.csv', '--data', 'other.csv');
  expect(stdout).toContain('Expected data for the table "orders"');
  expect(code).toBe(3);
  const named = await run('contracts', '--data', 'orders=good.csv', '--data', 'other.csv');
  expect(named.code).toBe(0);
});

test('an empty table is skipped with its reason', async () => {
  await writeFile(join(folder, 'empty.csv'), 'id,amount,email\n');
  const { code, stdout } = await run('contracts', '--data', 'empty.csv');
  expect(stdout).toContain('The table is empty.');
  expect(code).toBe(0);
});

test('results that cannot be delivered are made all the same, and the exit code is 4', async () => {
  await writeFile(join(folder, 'in-the-way'), '');
  const { code, stdout, stderr } = await run('contracts', '--data', 'good.csv', '-o', 'in-the-way/out');
  expect(stdout).toContain('passed');
  expect(stderr).toContain('not delivered');
  expect(code).toBe(4);
});

test.each([
  [['broken.yaml', '--data', 'good.csv'], 'broken.yaml:'],
  [['contracts', '--data', 'nothing.csv'], 'nothing.csv'],
  [['contracts', '--data', 'good.csv', '--interval', 'soon'], '--interval'],
  [['contracts', '--data', 'good.csv', '--interval', '2999-01-01'], 'future'],
  [['contracts', '--data', 'good.csv', '--format', 'pdf'], '--format'],
  [['nowhere', '--data', 'good.csv'], 'nowhere'],
])('%s is refused before anything starts', async (words, said) => {
  const { code, stderr } = await run(...words);
  expect(stderr).toContain(said);
  expect(code).toBe(64);
});

test('the same interval attaches; --again checks anew; the night before is remembered', async () => {
  const night = (day: string, data: string, ...more: string[]) =>
    run('contracts', '--data', `orders=${data}`, '--interval', day, '--suite', 'nights', ...more);
  expect((await night('2024-01-01', 'good.csv')).code).toBe(0);
  const attached = await night('2024-01-01', 'orders.csv');
  expect(attached.code).toBe(0);
  expect(attached.stderr).toContain('attached');
  expect((await night('2024-01-02', 'orders.csv')).stdout).toContain('New with 2024-01-02.');
  expect((await night('2024-01-03', 'orders.csv')).stdout).toContain('Broken since 2024-01-02, 2 runs in a row.');
  const repaired = await night('2024-01-02', 'good.csv', '--again');
  expect(repaired.code).toBe(0);
  expect((await night('2024-01-03', 'orders.csv', '--again')).stdout).toContain('New with 2024-01-03.');
});

test('--explain shows the one scan and asks nothing', async () => {
  const { code, stdout } = await run('contracts', '--data', 'good.csv', '--explain');
  expect(stdout.match(/-- one scan of good/g)).toHaveLength(1);
  expect(stdout).toMatch(/-- if it is broken, its rows: .*\nSELECT "id", "amount" FROM "good" WHERE/);
  expect(code).toBe(0);
});

test('in GitHub the lines of broken rules are annotated, the page of the job gets the report, and rows are no commands', async () => {
  await writeFile(join(folder, 'summary.md'), 'before\n');
  const inGitHub = { ...env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
  const { stdout, code } = await dpa(['quality', 'run', 'contracts', '--data', 'orders.csv'], {
    cwd: folder,
    env: inGitHub,
  });
  expect(code).toBe(1);
  const line = (await readFile(join(folder, 'contracts/orders.odcs.yaml'), 'utf8')).split('\n');
  const [annotation = '', file = '', at = ''] = /^::error file=(.*),line=(\d+),title=.*$/m.exec(stdout) ?? [];
  expect(annotation).toContain('1 of 3 rows violate it');
  expect(file).toBe('contracts/orders.odcs.yaml');
  expect(line[Number(at) - 1]).toContain('amount-positive');
  const [, token = ''] = /^::stop-commands::(.+)$/m.exec(stdout) ?? [];
  expect(stdout.indexOf(`::${token}::`)).toBeGreaterThan(stdout.indexOf('1 of 3 rows violate it'));
  expect(stdout.indexOf(annotation)).toBeGreaterThan(stdout.indexOf(`::${token}::`));
  expect(await readFile(join(folder, 'summary.md'), 'utf8')).toMatch(/^before\n[^]*amount/);
});

test('for GitLab the code quality report is one of the files', async () => {
  await run('contracts', '--data', 'orders.csv', '-o', 'lab', '--annotations', 'gitlab');
  const report = await readFile(join(folder, 'lab/gl-code-quality-report.json'), 'utf8');
  expect(JSON.parse(report)).toMatchObject([{ severity: 'major', location: { path: 'contracts/orders.odcs.yaml' } }]);
});

test('a run outside of the nights replaces no night', async () => {
  const today = new Date().toISOString().slice(0, 10);
  await run('contracts', '--data', 'orders=good.csv', '--interval', today, '--suite', 'adhoc');
  const file = join(folder, 'home/quality/adhoc', `${today}.json`);
  const night = await readFile(file, 'utf8');
  expect((await run('contracts', '--data', 'orders=orders.csv', '--suite', 'adhoc')).code).toBe(1);
  expect(await readFile(file, 'utf8')).toBe(night);
});

test('two contracts of a suite may use the same ids: each has its own points, trend and incident', async () => {
  const other = contract('error')
    .replace('id: orders-error', 'id: returns')
    .replace('- name: orders', '- name: returns');
  await writeFile(join(folder, 'returns.yaml'), other);
  const night = (day: string, ...more: string[]) =>
    run('contracts', 'returns.yaml', '--suite', 'two', '--interval', day, '--json', ...more);
  await night('2024-01-01', '--data', 'orders=good.csv', '--data', 'returns=orders.csv');
  const { stdout } = await night('2024-01-02', '--data', 'orders=orders.csv', '--data', 'returns=orders.csv');
  const { checks } = JSON.parse(stdout) as { checks: Record<string, unknown>[] };
  expect(new Set(checks.map(({ key }) => key)).size).toBe(checks.length);
  const amounts = checks.filter(({ ruleId }) => ruleId === 'amount-positive');
  expect(amounts.map(({ trend, failingSince }) => [trend, failingSince])).toEqual([
    [[{ interval: '2024-01-01', verdict: 'passed', value: '0' }], '2024-01-02'],
    [[{ interval: '2024-01-01', verdict: 'failed', value: '1' }], '2024-01-01'],
  ]);
});

test('reports are written again from what was kept, by suite and by run', async () => {
  const report = (...words: string[]) => dpa(['quality', 'report', ...words], { cwd: folder, env });
  await run('contracts', '--data', 'orders=good.csv', '--interval', '2024-02-01', '--suite', 'again');
  const { code, stdout } = await report('again', '-o', 'again', '--format', 'json,markdown');
  expect([code, stdout.trim().split('\n').length]).toEqual([0, 2]);
  expect(JSON.parse(await readFile(join(folder, 'again/result.json'), 'utf8'))).toMatchObject({
    interval: '2024-02-01',
  });
  await run('contracts', '--data', 'good.csv', '--id', 'by-hand');
  expect((await report('by-hand', '-o', 'by-hand')).code).toBe(0);
  expect((await readdir(join(folder, 'by-hand'))).length).toBe(4);
  const nobody = await report('nobody');
  expect([nobody.code, nobody.stderr.includes('"nobody"')]).toEqual([64, true]);
  const night = await report('again', '--interval', '2024-02-02');
  expect([night.code, night.stderr.includes('2024-02-01?')]).toEqual([64, true]);
});

test('a report that cannot be written does not take the others along', async () => {
  await mkdir(join(folder, 'half/report.html'), { recursive: true });
  const { code, stderr } = await run('contracts', '--data', 'good.csv', '-o', 'half');
  expect(code).toBe(4);
  expect(stderr).toContain('dpa quality report');
  expect(await readdir(join(folder, 'half'))).toEqual(
    expect.arrayContaining(['junit.xml', 'report.md', 'result.json']),
  );
});

test('files that did not change since the last night are not read again; --rescan reads them all', async () => {
  await mkdir(join(folder, 'lake/orders'), { recursive: true });
  const write = (name: string, text: string) =>
    writeFile(join(folder, 'lake/orders', name), `id,amount,email\n${text}`);
  for (let index = 0; index < 4; index += 1) await write(`${index}.csv`, `${index},5,a@b.de\n`);
  await writeFile(
    join(folder, 'lake.yaml'),
    contract('error')
      .replaceAll(/\n +primaryKey.*$/gm, '')
      .replace('orders-error', 'lake'),
  );
  const night = async (...more: string[]) => {
    const { stdout } = await run('lake.yaml', '--data', 'lake', '--json', ...more);
    const { tables, counts } = JSON.parse(stdout) as { tables: { files: unknown; rows: number }[]; counts: unknown };
    return { files: tables[0]?.files, rows: tables[0]?.rows, counts };
  };
  expect(await night()).toMatchObject({ files: { total: 4, read: 4 }, rows: 4, counts: { failed: 0 } });
  await write('1.csv', '1,-5,a@b.de\n9,1,\n');
  expect(await night()).toMatchObject({ files: { total: 4, read: 1 }, rows: 5, counts: { failed: 1 } });
  expect(await night()).toMatchObject({ files: { total: 4, read: 0 }, rows: 5, counts: { failed: 1 } });
  expect(await night('--rescan')).toMatchObject({ files: { total: 4, read: 4 }, rows: 5, counts: { failed: 1 } });
});

test('an incident is acknowledged, a check is muted, and reports and history say so', async () => {
  const quality = (...words: string[]) => dpa(['quality', ...words], { cwd: folder, env });
  const night = (day: string) =>
    run('contracts', '--data', 'orders=orders.csv', '--interval', day, '--suite', 'silent');
  await night('2024-03-01');
  expect((await quality('ack', 'silent', '--by', 'ann', '--reason', 'shop is told')).stdout).toContain('acknowledged:');
  expect((await quality('mute', 'silent', 'amount-positive', '--until', '3d')).code).toBe(0);
  const { stdout } = await night('2024-03-02');
  expect(stdout).toContain('Acknowledged by ann: shop is told.');
  expect(stdout).toMatch(/Muted until \d{4}-/);
  expect((await quality('history', 'silent')).stdout).toContain('Acknowledged by ann: shop is told.');
  await quality('unmute', 'silent', 'amount-positive');
  expect((await quality('history', 'silent')).stdout).not.toContain('Muted');
  const refused = await Promise.all([
    quality('mute', 'silent', 'amount-positve', '--until', '3d'),
    quality('mute', 'silent', 'amount-positive', '--until', 'later'),
  ]);
  expect(refused.map(({ code, stderr }) => [code, /Did you mean|--until/.test(stderr)])).toEqual([
    [64, true],
    [64, true],
  ]);
});

test('rows that violate rules lie in quarantine, whole, with the rules; a sound run of the night leaves none', async () => {
  await writeFile(
    join(folder, 'aside.csv'),
    'id,amount,email\n1,5,a@b.de\n1,-7.50,c@d.de\n4000000000000001,-1,\n4,,x@y.de\n',
  );
  const night = async (data: string, ...more: string[]) => {
    const named = ['--data', `orders=${data}`, '--interval', '2024-04-01', '--suite', 'aside', '--json'];
    const { stdout, code } = await run('contracts', ...named, ...more);
    const { tables } = JSON.parse(stdout) as { tables: { quarantine: Record<string, unknown> }[] };
    return { code, aside: tables[0]!.quarantine };
  };
  const { code, aside } = await night('aside.csv', '--quarantine', 'bad');
  expect([code, aside['rows']]).toEqual([1, 3]);
  const file = String(aside['file']);
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines.filter((line) => line.includes('"amount-positive"'))).toEqual([
    expect.stringContaining('"id":4000000000000001,"amount":-1,"email":null'),
    expect.stringContaining('"id":1,"amount":-7.5,"email":"c@d.de"'),
  ]);
  expect(await readFile(join(folder, 'aside.csv'), 'utf8')).toContain('-7.50');
  await night('good.csv', '--quarantine', 'bad', '--again');
  await expect(readFile(file, 'utf8')).rejects.toThrow('ENOENT');
  await mkdir(join(folder, 'within/orders'), { recursive: true });
  await writeFile(join(folder, 'within/orders/a.csv'), await readFile(join(folder, 'aside.csv'), 'utf8'));
  const inside = await night('aside.csv', '--data', 'within', '--quarantine', 'within/bad', '--again');
  expect(inside.aside).toEqual({ problem: expect.stringContaining('outside of the data') });
});

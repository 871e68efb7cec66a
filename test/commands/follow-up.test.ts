/** Follow-ups as somebody types them: real processes, the planner without a model and a fake one over HTTP. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResultDocument } from '../../src/reports/json.ts';
import { dpa, type Ran } from '../support/dpa.ts';
import { fakeKey, openFakeOpenAi, type FakeOpenAi } from '../support/fake-openai.ts';

let folder: string;
let openAi: FakeOpenAi;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-follow-'));
  openAi = await openFakeOpenAi();
  env = { DPA_LOCAL_API_KEY: fakeKey, DPA_LOCAL_BASE_URL: openAi.baseUrl };
  const rows = ['north,tea,3', 'south,tea,4', 'south,milk,9', 'west,milk,2'];
  await writeFile(join(folder, 'sales.csv'), `region,product,amount\n${rows.join('\n')}\n`);
  expect((await dpa(['up'], { cwd: folder, env })).code).toBe(0);
}, 120_000);

afterAll(async () => {
  await dpa(['down'], { cwd: folder, env });
  await openAi.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const run = (...words: readonly string[]): Promise<Ran> => dpa(words, { cwd: folder, env });

const documentOf = ({ stdout }: Ran) => JSON.parse(stdout) as ResultDocument & { follows?: string };

test('the planner answers "and by product?" on the same data; the same words attach, others go on from there', async () => {
  const builtin = ['--model', 'builtin', '--json'];
  const first = await run('--task', 'Total amount by region', '--data', 'sales.csv', '--id', 'q', ...builtin);
  expect(first).toMatchObject({ code: 0 });
  const second = await run('--resume', 'q', '--task', 'and by product?', ...builtin);
  expect(second).toMatchObject({ code: 0 });
  expect(documentOf(second)).toMatchObject({ id: 'q-2', task: 'and by product?' });
  expect(documentOf(second).answer).toMatch(/`milk` 11\.00.*`tea` 7\.00/);
  const again = await run('--resume', 'q', '--task', 'and by product?', ...builtin);
  expect(again.stderr).toContain('q-2 is there already');
  expect(documentOf(again)).toEqual(documentOf(second));
  // Of the newest that has ended, in the same row of names.
  const third = await run('--resume', '--task', 'and by region?', ...builtin);
  expect(documentOf(third)).toMatchObject({ id: 'q-3' });
  expect(documentOf(third).answer).toMatch(/`south` 13\.00/);
  expect(documentOf(await run('show', 'q-3', '--json'))).toMatchObject({ follows: 'q-2' });
  expect((await run('sessions')).stdout).toMatch(/q-2 .*\(follows q\)/);
}, 120_000);

const query = { name: 'data_lake__query', arguments: { sql: 'SELECT count(*) AS n FROM sales' } };

function submitting(call: string) {
  const source = { kind: 'cell', call, row: 0, column: 'n' };
  const quantities = [{ value: 4, format: { style: 'count' }, source }];
  const findings = [{ statement: 'There are {0} sales.', severity: 'key', quantities }];
  return { name: 'submit_report', arguments: { headline: 'Sales were counted.', findings, limits: [] } };
}

test('a model is given the whole conversation, and cites a result of the first analysis', async () => {
  const model = ['--model', 'local/local-model', '--json'];
  openAi.push({ calls: [{ id: 'first_call', ...query }] }, { calls: [submitting('first_call')] });
  const first = await run('--task', 'Count the sales', '--data', 'sales.csv', '--id', 'm', ...model);
  expect(first).toMatchObject({ code: 0 });
  openAi.push({ calls: [submitting('first_call')] });
  const second = await run('--resume', 'm', '--task', 'Say it again, shorter', ...model);
  expect(second).toMatchObject({ code: 0 });
  expect(documentOf(second)).toMatchObject({
    id: 'm-2',
    toolCalls: 0,
    findings: [{ statement: expect.stringContaining('4') }],
  });
  const { body } = openAi.ledger.at(-1) as { body: { messages: readonly { role: string; content: unknown }[] } };
  const told = JSON.stringify(body.messages);
  expect(told).toContain('Count the sales');
  expect(told).toContain('Say it again, shorter');
  expect(told).toContain('The report was written');
  openAi.assertUsedUp();
}, 120_000);

test('an analysis that goes on takes no follow-up, and the message says what does', async () => {
  openAi.push({ fault: { kind: 'stall' } });
  await run('--task', 'Wait', '--data', 'sales.csv', '--id', 'w', '--model', 'local/local-model', '--detach');
  const refused = await run('--resume', 'w', '--task', 'and by region?');
  expect(refused).toMatchObject({ code: 64, stderr: expect.stringContaining('dpa redirect w "words"') });
  await run('stop', 'w');
}, 60_000);

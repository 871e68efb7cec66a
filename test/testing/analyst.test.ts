/** The test kit of the package, as its documentation shows it. */
import {
  call,
  cell,
  delayed,
  failed,
  failing,
  finding,
  openTestAnalyst,
  scriptedModel,
  scriptedTools,
  submission,
  table,
  turn,
  type TestAnalyst,
} from '../../src/testing/index.ts';

let analyst: TestAnalyst;

// A new machine may have to fetch the Temporal program first.
beforeAll(async () => {
  analyst = await openTestAnalyst();
}, 600_000);

afterAll(() => analyst?.close());

const count = call('c1', 'warehouse__query', { sql: 'SELECT count(*) AS n FROM orders' });
const answer = submission('Orders were counted.', finding('There are {0} orders.', cell(3, 'c1', 'n')));

test('a scripted analysis runs in the real workflow, its numbers checked', async () => {
  const model = scriptedModel([turn('I count.', count), delayed(20, turn('', answer))]);
  const tools = scriptedTools({ warehouse__query: { answers: [table({ n: 3 }), table({ n: 3 })] } });
  const { document, report } = await analyst.run({ task: 'How many orders are there?', model, tools });
  expect(document).toMatchObject({ status: 'completed', exitCode: 0, steps: 2, findings: [{ value: 3 }] });
  expect(report).toContain('1 number from 1 query, checked by running each query again');
  expect(tools.calls[0]).toMatchObject({ arguments: { sql: 'SELECT count(*) AS n FROM orders' } });
  expect(model.requests).toHaveLength(2);
});

test('a wrong number is found', async () => {
  const model = scriptedModel([turn('', count), turn('', answer), turn('I cannot mend it.')]);
  const tools = scriptedTools({ warehouse__query: { answers: Array.from({ length: 2 }, () => table({ n: 4 })) } });
  const { document } = await analyst.run({ task: 'How many orders are there?', model, tools });
  expect(document.exitCode).not.toBe(0);
});

test('a model that fails gives way to the next one, a tool that fails is told to the model', async () => {
  const first = scriptedModel([failing('Model.Billing', 'No credit.')], 'first');
  const second = scriptedModel([turn('', count), turn('The warehouse is away.')], 'second');
  const tools = scriptedTools({ warehouse__query: { answers: [failed('Tool.Crashed', 'It ended.')] } });
  const { report } = await analyst.run({ task: 'How many orders are there?', model: [first, second], tools });
  expect(report).toContain('first could not go on (No credit.); second took over.');
  expect(JSON.stringify(second.requests[1]?.messages)).toContain('Tool.Crashed');
});

test('what is asked too often fails the test', async () => {
  const tools = scriptedTools({ warehouse__query: { answers: [] } });
  const model = scriptedModel([turn('', count), turn('Nothing.')]);
  await expect(analyst.run({ task: 'Count.', model, tools })).rejects.toThrow(
    'warehouse__query was called 1 times; its script has 0 answers.',
  );
  const short = scriptedModel([turn('', call('p', 'set_plan', { steps: [] }))]);
  await expect(
    analyst.run({ task: 'Count.', model: short, tools: scriptedTools({ a__b: { answers: [] } }) }),
  ).rejects.toThrow(/scripted was asked 2 times; .* 1 steps/);
});

test('what is left unused fails the test', async () => {
  const tools = scriptedTools({ warehouse__query: { answers: [table({ n: 3 })] } });
  const model = scriptedModel([turn('No need to look.'), turn('Never said.')]);
  await expect(analyst.run({ task: 'Count.', model, tools })).rejects.toThrow(
    /scripted: 1 of 2 steps were not asked for\. warehouse__query: 1 of 1 answers were not asked for\./,
  );
});

test('a tool has the name of its server in front', () => {
  expect(() => scriptedTools({ query: { answers: [] } })).toThrow('server__tool');
});

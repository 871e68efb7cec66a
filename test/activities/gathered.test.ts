/** What a report takes from a conversation as it is read: cited tables, names that it quotes, datasets, and nothing more. */
import { gather } from '../../src/activities/gathered.ts';
import type { Message } from '../../src/analysis/conversation.ts';
import type { Submission } from '../../src/analysis/evidence.ts';
import { memoryStore } from '../support/memory-records.ts';
import { finding } from '../support/script-pieces.ts';

const store = memoryStore();

function tableOf(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  datasets: readonly string[] = [],
): string {
  const data = { columns: columns.map((name) => ({ name, type: 'VARCHAR' })), rows };
  return JSON.stringify({ ok: true, data, meta: { datasets } });
}

/** A turn with one call and its result. */
async function turn(id: string, text: string, more: { ok?: boolean; edited?: string } = {}): Promise<Message[]> {
  const call = { kind: 'toolCall', id, name: 'lake__query', arguments: { sql: id } } as const;
  const result = { kind: 'toolResult', callId: id, ok: true, text, ref: await store.put(text), ...more } as const;
  return [
    { role: 'assistant', parts: [call] },
    { role: 'tool', parts: [result] },
  ];
}

async function* one(messages: readonly Message[]): AsyncGenerator<Message> {
  yield* messages;
}

const submission: Submission = {
  headline: 'Sales in `Lyon` were counted.',
  findings: [finding('There are {0} sales of `Green Tea`.', 3, 'c1')],
  limits: ['`nobody` was asked about `the till`.'],
};

test('only cited tables are held, with the arguments that ran', async () => {
  const edited = await store.put(JSON.stringify({ sql: 'changed' }));
  const messages = [
    ...(await turn('c1', tableOf(['n'], [['3']]), { edited })),
    ...(await turn('c2', tableOf(['n'], [['4']]))),
    ...(await turn('c1x', 'no table')),
  ];
  const { answers } = await gather(one(messages), store, submission, []);
  expect([...answers.keys()]).toEqual(['c1']);
  expect(answers.get('c1')).toMatchObject({ call: { arguments: { sql: 'changed' } }, table: { rows: [['3']] } });
});

test('names are kept that the submission quotes: of persons, of refusals, of columns and words of any table', async () => {
  const messages: Message[] = [
    { role: 'user', parts: [{ kind: 'text', text: 'Look at the till too.' }] },
    ...(await turn(
      'c1',
      tableOf(
        ['n', 'city'],
        [
          ['3', 'LYON'],
          ['4', 'Paris'],
          ['5', '17'],
        ],
      ),
    )),
    ...(await turn('c2', tableOf(['drink'], [['black tea'], ['green tea, cold']]))),
    ...(await turn('c3', 'No column nobody.', { ok: false })),
  ];
  const { names } = await gather(one(messages), store, submission, ['Count', 'in Lyon']);
  expect([...names].sort()).toEqual([
    'LYON',
    'Look at the till too.',
    'No column nobody.',
    'green tea, cold',
    'in Lyon',
  ]);
});

test('datasets are told in order, with their rows where a listing has them', async () => {
  const messages = [
    ...(await turn(
      'c1',
      tableOf(
        ['dataset', 'rows'],
        [
          ['b', '7'],
          ['a', 'many'],
        ],
        ['b'],
      ),
    )),
    ...(await turn('c2', tableOf(['n'], [['3']], ['a', 'b']))),
  ];
  const { datasets } = await gather(one(messages), store, submission, []);
  expect(datasets).toEqual([{ name: 'a' }, { name: 'b', rows: 7 }]);
});

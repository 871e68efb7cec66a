import { explained } from '../../../src/commands/quality/explained.ts';
import { contractDocument } from '../../../src/quality/suggest/document.ts';
import type { Suggested } from '../../../src/quality/suggest/suggest.ts';
import { reply, scriptedModel } from '../../support/scripted-model.ts';

const tables = [
  {
    study: { dataset: 'orders', rows: 3, columns: [] },
    suggestions: ['a', 'b'].map((column) => ({
      column,
      proposal: { kind: 'rule', name: `${column} is known`, rule: { metric: 'nullValues', mustBe: 0 } },
      evidence: 'all of 3',
      confidence: 0.5,
    })),
  },
] as unknown as readonly Suggested[];

test('a model gives names and reasons, and changes nothing else', async () => {
  const rules = [
    { rule: 'r2', name: 'Known\n customers', why: 'Orders need them.', metric: 'rowCount' },
    { rule: 'r9', name: 'of no rule', why: '' },
    { rule: 'r1', name: 7, why: 'unreadable' },
  ];
  const model = scriptedModel([reply(`Here: ${JSON.stringify({ rules })}`)]);
  const [table] = await explained(tables, model);
  const [first, second] = table!.suggestions;
  expect(first).toEqual(tables[0]!.suggestions[0]);
  expect(second).toEqual({
    ...tables[0]!.suggestions[1],
    words: { name: 'Known customers', why: 'Orders need them.' },
  });
  expect(JSON.stringify(model.requests[0]!.messages)).toContain('all of 3');
  model.assertUsedUp();
});

test('an answer that is none is an error, for the caller to say', async () => {
  for (const answer of ['I cannot.', '{"rules": 1}', '{"rules": [', '{}']) {
    await expect(explained(tables, scriptedModel([reply(answer)]))).rejects.toThrow(
      'expected a JSON object with a list',
    );
  }
});

test('without rules no model is asked', async () => {
  const model = scriptedModel([]);
  expect(await explained([], model)).toEqual([]);
  expect(contractDocument('orders', [])).toMatchObject({ status: 'proposed' });
  model.assertUsedUp();
});

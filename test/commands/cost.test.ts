/** The table of `dpa show ID --cost`: cached tokens apart, and a price that is not known is never shown as zero. */
import { addCall } from '../../src/analysis/cost.ts';
import { costText } from '../../src/commands/cost.ts';

const usage = { inputTokens: 12_345, cachedInputTokens: 12_000, outputTokens: 67 };

test('models, their sum, and each step', () => {
  const models = addCall(addCall({}, 'openai/gpt-6-luna', usage, 0.0012), 'openai/gpt-6.1-sol', usage, undefined);
  const text = costText(models, [
    { step: 1, model: 'openai/gpt-6-luna', served: 'gpt-6-luna-2026', usage, costUsd: 0.0012 },
    { step: 2, model: 'openai/gpt-6.1-sol', usage },
    { step: 3 },
  ]);
  const rows = text.split('\n').map((line) => line.trim().split(/\s{2,}/));
  expect(rows).toEqual([
    ['calls', 'input', 'cached', 'output', 'USD'],
    ['openai/gpt-6-luna', '1', '12,345', '12,000', '67', '0.0012'],
    ['openai/gpt-6.1-sol', '1', '12,345', '12,000', '67', '?'],
    ['all', '2', '24,690', '24,000', '134', '?'],
    [''],
    ['step 1', 'gpt-6-luna-2026', '12,345', '12,000', '67', '0.0012'],
    ['step 2', 'openai/gpt-6.1-sol', '12,345', '12,000', '67', '?'],
    ['step 3', '?', '?', '?', '?'],
    [''],
    ['A price that is not known is shown as ?; it is not free.'],
  ]);
});

test('what is free is shown as 0, without a note', () => {
  const text = costText(addCall({}, 'builtin', { inputTokens: 0, outputTokens: 0 }, 0), []);
  expect(text).toMatch(/builtin\s+1\s+0\s+0\s+0\s+0/);
  expect(text).not.toContain('?');
});

/** Known models are data, unknown ones get a careful profile without a price. */
import { costUsd } from '../../src/analysis/price.ts';
import { knownRefs, profileOf } from '../../src/llm/profiles.ts';

const tokens = { inputTokens: 1_000_000, outputTokens: 1_000_000 };

test('every known reference leads to a profile that is sound', () => {
  for (const ref of knownRefs) {
    const profile = profileOf(ref)!;
    expect(profile).toMatchObject({ ref, known: true });
    expect(profile.inputWindow).toBeGreaterThan(profile.maxOutput);
    expect(new Set(profile.efforts).size).toBe(profile.efforts.length);
    // Reasoning and a temperature exclude each other on every known model.
    expect(profile.temperature === 'allowed' && profile.efforts.length > 0).toBe(false);
    // A character more in a token is a token less that is foreseen.
    expect(profile.tokens.charactersPerToken).toBeLessThanOrEqual(3);
    expect(profile.tokens.cachedInput).toBe(ref.startsWith('anthropic/') ? 'apart' : 'included');
    const { asOf = '?', input = 0, cachedInput = 0 } = profile.price ?? {};
    expect(asOf).not.toBe('');
    expect(cachedInput).toBeLessThanOrEqual(input);
  }
});

test.each([
  ['openai/gpt-99', { dialect: 'openai-responses', temperature: 'refused', efforts: [] }],
  ['anthropic/claude-new', { dialect: 'anthropic-messages', temperature: 'refused', structuredOutput: false }],
])('%s is unknown: only what every model of its dialect takes, and no price', (ref, expected) => {
  const profile = profileOf(ref)!;
  expect(profile).toMatchObject({ ...expected, ref, known: false });
  expect(profile.price).toBeUndefined();
  expect(costUsd(profile, tokens)).toBeUndefined();
});

test.each(['ollama/qwen3-coder:30b', 'local/org/some-model'])(
  '%s is free, takes a temperature and may be asked',
  (ref) => {
    const profile = profileOf(ref)!;
    expect(profile).toMatchObject({ dialect: 'openai-chat', temperature: 'allowed', known: false });
    expect(profile.model).toBe(ref.slice(ref.indexOf('/') + 1));
    expect(costUsd(profile, tokens)).toBe(0);
  },
);

test('a date at the end of a name does not make it unknown, and is sent as it was given', () => {
  const profile = profileOf('anthropic/claude-opus-5-5-20260901');
  expect(profile).toMatchObject({ known: true, model: 'claude-opus-5-5-20260901', inputWindow: 1_000_000 });
  expect(profileOf('openai/gpt-4.1-2025-04-14')).toMatchObject({ known: true, temperature: 'allowed' });
});

test.each(['gpt-6-luna', 'mistral/large', 'openai/', '/x', 'openai/a b', '', 'openai/constructor\u0000'])(
  '%j names no model',
  (ref) => {
    expect(profileOf(ref)).toBeUndefined();
  },
);

test('names of object members are no models', () => {
  expect(profileOf('openai/constructor')).toMatchObject({ known: false });
});

describe('what a call costs', () => {
  const price = { input: 10, cachedInput: 1, cacheWrite: 12, cacheWriteHour: 20, output: 50, asOf: '2026-01-01' };

  test('cached tokens and cache writes are priced apart, since the input includes them', () => {
    const usage = { inputTokens: 1_000, cachedInputTokens: 600, cacheWriteTokens: 300, outputTokens: 10 };
    expect(costUsd({ price }, usage)).toBeCloseTo((100 * 10 + 600 * 1 + 300 * 12 + 10 * 50) / 1e6, 12);
    expect(costUsd({ price }, usage, '1h')).toBeCloseTo((100 * 10 + 600 * 1 + 300 * 20 + 10 * 50) / 1e6, 12);
  });

  test('a long request costs more as a whole', () => {
    const luna = profileOf('openai/gpt-6-luna')!;
    expect(costUsd(luna, { inputTokens: 272_000, outputTokens: 0 })).toBeCloseTo(0.0272, 9);
    expect(costUsd(luna, { inputTokens: 272_001, outputTokens: 1_000_000 })).toBeCloseTo(0.0544002 + 0.75, 9);
  });

  test('counts that contradict each other never give a negative price', () => {
    const usage = { inputTokens: 10, cachedInputTokens: 600, outputTokens: 0 };
    expect(costUsd({ price }, usage)).toBeCloseTo(600 / 1e6, 12);
  });
});

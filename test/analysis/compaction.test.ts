/** When a conversation is shortened, what that changes, and that the call for it is settled like any other. */
import { afterContextExceeded, isCompactionDue, minStepsBetween } from '../../src/analysis/compaction.ts';
import { advance, beginAnalysis } from '../../src/analysis/control.ts';
import type { AnalysisState, Turn } from '../../src/analysis/state.ts';

const window = 10_000;

/** After a first turn that read and wrote so many tokens. */
function readSoMuch(tokens: number, more: Partial<Turn> = {}): AnalysisState {
  const begun = advance(beginAnalysis('Count', 50, { usd: 1 }), {
    kind: 'discovered',
    catalog: 'catalog',
    tools: [],
    models: ['a', 'b'],
    windows: { a: window, b: 4 * window },
    compacts: true,
  });
  return tookTurn(begun, tokens, more);
}

function tookTurn(state: AnalysisState, tokens: number, more: Partial<Turn> = {}): AnalysisState {
  const usage = { inputTokens: tokens - 100, outputTokens: 100 };
  const answered = [{ callId: 'p1', ok: true, text: '{"ok":true}' }];
  const turn: Turn = { head: 'h1', calls: [], answered, usage, costUsd: 0.01, ...more };
  return advance(state, { kind: 'turnCompleted', model: 'a', turn });
}

const compacted = { kind: 'compacted', model: 'a', view: 'v1', tokens: 2_000 } as const;

test.each([
  [7_900, false],
  [8_100, true],
])('%i tokens of 10,000: due is %s', (tokens, due) => {
  expect(isCompactionDue(readSoMuch(tokens), 'a')).toBe(due);
  // The window of the model that is asked counts.
  expect(isCompactionDue(readSoMuch(tokens), 'b')).toBe(false);
});

test('an analysis of an earlier version is never shortened', () => {
  const { shortening: _, ...old } = readSoMuch(9_000);
  expect(isCompactionDue(old, 'a')).toBe(false);
  expect(afterContextExceeded(old)).toBeUndefined();
});

test('the call is settled in the ledger, and is no step', () => {
  const before = readSoMuch(9_000);
  const usage = { inputTokens: 6_000, outputTokens: 500 };
  const after = advance(before, { ...compacted, usage, costUsd: 0.02, brokenOffTokens: 30 });
  expect(after.budget).toMatchObject({ steps: 1, inputTokens: 14_900, outputTokens: 600, brokenOffTokens: 30 });
  expect(after.budget.usd).toBeCloseTo(0.03, 10);
  expect(after.budget.contextTokens).toBe(2_000);
  expect(after.spending?.['a']).toMatchObject({ calls: 2, costUsd: 0.03 });
  expect(after).toMatchObject({ head: 'h1', pending: before.pending, shortening: { view: 'v1', atStep: 1 } });
  expect(advance(before, compacted).budget.usd).toBe(before.budget.usd);
});

test('what cannot be made shorter is not tried at every step', () => {
  let state = advance(readSoMuch(9_000), { ...compacted, tokens: 9_000 });
  const due = Array.from({ length: minStepsBetween + 1 }, () => {
    const now = isCompactionDue(state, 'a');
    state = tookTurn(state, 9_000);
    return now;
  });
  expect(due).toEqual([false, false, false, true]);
});

test('a model that says it is too long: shortened once, then who reads more; a whole turn lets it be tried anew', () => {
  const once = afterContextExceeded(readSoMuch(3_000))!;
  expect(isCompactionDue(once, 'a')).toBe(true);
  const shortened = advance(once, compacted);
  expect(isCompactionDue(shortened, 'a')).toBe(false);
  expect(afterContextExceeded(shortened)).toBeUndefined();
  const whole = tookTurn(shortened, 3_000);
  expect(whole.shortening).toEqual({ view: 'v1', atStep: 1 });
  expect(afterContextExceeded(whole)).toBeDefined();
});

test('a reply that the full context cut off is told so after the conversation was shortened', () => {
  const cut = readSoMuch(9_900, { finish: 'contextFull', answered: [] });
  expect(cut).toMatchObject({ phase: { kind: 'thinking' }, models: ['a', 'b'], shortening: { exceeded: 'now' } });
  expect(cut.pending).toEqual([{ kind: 'user', text: expect.stringContaining('It is shortened now') }]);
  const again = tookTurn(advance(cut, compacted), 9_900, { finish: 'contextFull', answered: [] });
  expect(again.models).toEqual(['b']);
});

test('a view that is lost is left out: the conversation is all there', () => {
  const viewed = tookTurn(advance(readSoMuch(9_000), compacted), 3_000);
  expect(advance(viewed, { kind: 'blobLost', ref: 'v1' }).shortening).toEqual({});
  expect(advance(viewed, { kind: 'blobLost', ref: 'other' }).shortening).toMatchObject({ view: 'v1' });
});

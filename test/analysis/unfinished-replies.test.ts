/** What a reply that is not whole does to an analysis: going on a few times, or ending with the reason. */
import {
  advance,
  beginAnalysis,
  goOnRequest,
  maxContinuations,
  maxPauses,
  wrapUpRequest,
} from '../../src/analysis/control.ts';
import type { AnalysisState, Turn } from '../../src/analysis/state.ts';

function thinking(maxSteps = 50): AnalysisState {
  const discovered = { kind: 'discovered', catalog: 'catalog', tools: [], models: ['a/one', 'builtin'] } as const;
  return advance(beginAnalysis('Count the sales', maxSteps), discovered);
}

function after(state: AnalysisState, turn: Partial<Turn> = {}): AnalysisState {
  const whole: Turn = { head: 'h', calls: [], answered: [], usage: { inputTokens: 10, outputTokens: 1 }, ...turn };
  return advance(state, { kind: 'turnCompleted', model: 'a/one', turn: whole });
}

test('a reply cut at the output limit is told to go on, once', () => {
  expect(maxContinuations).toBe(1);
  const cut = after(thinking(), { finish: 'length' });
  expect(cut).toMatchObject({ phase: { kind: 'thinking' }, pending: [{ kind: 'user', text: goOnRequest }] });
  const again = after(cut, { finish: 'length' });
  expect(again.phase).toMatchObject({ kind: 'reporting', reason: 'answered' });
});

test('a whole reply in between allows it again', () => {
  const calls = [{ id: 'c', name: 'lake__query', summary: 'c' }];
  const whole = after(after(thinking(), { finish: 'length' }), { calls });
  const answered = advance(whole, { kind: 'callsAnswered', results: [{ callId: 'c', ok: true, ref: 'r' }] });
  expect(after(answered, { finish: 'length' }).phase).toEqual({ kind: 'thinking' });
});

test('a paused reply is asked again with what there is, a limited number of times', () => {
  let state = thinking();
  for (let pause = 0; pause < maxPauses; pause++) {
    state = after(state, { finish: 'paused' });
    expect(state).toMatchObject({ phase: { kind: 'thinking' }, pending: [] });
  }
  expect(after(state, { finish: 'paused' }).phase).toMatchObject({ kind: 'reporting', reason: 'answered' });
});

test.each([
  ['refusal', 'declined'],
  ['contextFull', 'contextFull'],
] as const)('%s ends the analysis, and the report says so', (finish, reason) => {
  expect(after(thinking(), { finish }).phase).toMatchObject({ kind: 'reporting', reason });
});

test('nothing goes on beyond the last step', () => {
  const last = after(after(thinking(3), { finish: 'length' }), { finish: 'paused' });
  expect(last.pending).toEqual([{ kind: 'user', text: wrapUpRequest }]);
  expect(after(last, { finish: 'length' }).phase).toMatchObject({ kind: 'reporting', reason: 'budget' });
});

test('models and what they cost are kept; a lost blob takes the cost of its turn back with it', () => {
  const once = after(thinking(), { finish: 'paused', costUsd: 0.5 });
  expect(once.models).toEqual(['a/one', 'builtin']);
  const twice = after(once, { finish: 'paused' });
  expect(twice.spending).toMatchObject({ 'a/one': { calls: 2, inputTokens: 20, costUsd: null } });
  const back = advance(twice, { kind: 'blobLost' });
  expect(back.spending).toMatchObject({ 'a/one': { calls: 1, costUsd: 0.5 } });
  expect(back.unfinished).toBe(1);
});

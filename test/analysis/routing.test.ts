import { advance, beginAnalysis } from '../../src/analysis/control.ts';
import { hasAnother, maxUnreadable, routeAfter } from '../../src/analysis/routing.ts';
import type { AnalysisState, Turn } from '../../src/analysis/state.ts';

const windows = { a: 100, b: 50, c: 1_000 };

function thinking(models?: readonly string[], known: Readonly<Record<string, number>> | 'unknown' = windows) {
  return advance(beginAnalysis('Count', 20), {
    kind: 'discovered',
    catalog: 'catalog',
    tools: [],
    ...(models === undefined ? {} : { models }),
    ...(known === 'unknown' ? {} : { windows: known }),
  });
}

function failed(state: AnalysisState, type: string): AnalysisState {
  return advance(state, { kind: 'modelFailed', type, reason: 'so it is' });
}

function took(state: AnalysisState, turn: Partial<Turn>): AnalysisState {
  const whole = { head: 'h', calls: [], answered: [], usage: { inputTokens: 1, outputTokens: 1 }, ...turn };
  return advance(state, { kind: 'turnCompleted', model: 'a', turn: whole });
}

test.each(['Model.Overloaded', 'Model.Auth', 'Model.Network', 'Model.BadOutput', undefined])(
  'after %s the next in order is asked, whatever it reads',
  (type) => {
    const route = routeAfter(thinking(['a', 'b', 'c']), { reason: 'x', ...(type === undefined ? {} : { type }) });
    expect(route).toEqual({ kind: 'next', models: ['b', 'c'] });
  },
);

test('a conversation that is too long goes to the next model that reads more, and never to one that reads less', () => {
  const state = failed(thinking(['a', 'b', 'c']), 'Model.ContextTooLong');
  expect(state).toMatchObject({ models: ['c'], phase: { kind: 'thinking' } });
  expect(state.switches).toEqual(['a could not go on (so it is); c took over.']);
  expect(routeAfter(state, { type: 'Model.ContextTooLong', reason: '' })).toEqual({ kind: 'ask' });
});

test('where windows are not known, the next one is asked', () => {
  const old = thinking(['a', 'b'], 'unknown');
  expect(failed(old, 'Model.ContextTooLong').models).toEqual(['b']);
});

test('nobody is asked who is no candidate', () => {
  for (const models of [undefined, [], ['a']])
    expect(routeAfter(thinking(models), { type: 'Model.Auth', reason: '' })).toEqual({ kind: 'ask' });
});

test('an answer that the context cut off is gone on with by a model that reads more; without one it is reported', () => {
  const longer = took(thinking(['a', 'c']), { finish: 'contextFull' });
  expect(longer).toMatchObject({ phase: { kind: 'thinking' }, models: ['c'] });
  for (const state of [thinking(['a', 'b']), thinking(['a', 'c'], 'unknown')])
    expect(took(state, { finish: 'contextFull' }).phase).toMatchObject({ kind: 'reporting', reason: 'contextFull' });
});

test(`after ${maxUnreadable} replies in a row that nobody could read the next model is asked`, () => {
  const bad = { unreadable: true, answered: [{ callId: 'c', ok: false, text: 'no JSON' }] } as const;
  let state = thinking(['a', 'b']);
  for (let reply = 1; reply < maxUnreadable; reply++) state = took(state, bad);
  expect(state.models).toEqual(['a', 'b']);
  expect(took(state, { answered: [{ callId: 'p', ok: true, text: '{}' }] })).toMatchObject({ unreadable: 0 });
  state = took(state, bad);
  expect(state).toMatchObject({ models: ['b'], unreadable: 0, phase: { kind: 'thinking' } });
  expect(state.pending).toMatchObject([{ kind: 'results', results: [{ callId: 'c', ok: false }] }]);
  // The last one is told on and on, until its steps are used up.
  for (let reply = 1; reply <= maxUnreadable; reply++) state = took(state, bad);
  expect(state).toMatchObject({ models: ['b'], phase: { kind: 'thinking' } });
});

test.each([
  [['openai/a', 'anthropic/b', 'builtin'], true],
  [['openai/a', 'openai/b'], false],
  [['openai/a', 'builtin'], false],
  [['openai/a'], false],
  [undefined, false],
])('whether another provider can take over from the first of %j: %s', (models, expected) => {
  expect(hasAnother(thinking(models))).toBe(expected);
});

import { advance, beginAnalysis } from '../../src/analysis/control.ts';
import { leastLongWaitMs, maxLongWaits, maxWaitBeforePlannerMs } from '../../src/analysis/model-retries.ts';
import {
  hasAnother,
  maxUnreadable,
  maxUnreadableAlone,
  routeAfter,
  uselessTrouble,
} from '../../src/analysis/routing.ts';
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
  for (let reply = 1; reply < maxUnreadableAlone; reply++) state = took(state, bad);
  expect([state.models, uselessTrouble(state)]).toEqual([['b'], undefined]);
  expect(uselessTrouble(took(state, bad))).toMatchObject({ type: 'Model.BadOutput' });
});

describe('a provider that asked to be left alone for long', () => {
  const minute = 60_000;
  const routeFor = (models: readonly string[], retryAfterMs: number, state = thinking(models)) =>
    routeAfter(state, { type: 'Model.RateLimited', reason: '', retryAfterMs });

  test.each([
    [['openai/a'], 60 * minute, { kind: 'wait', ms: 60 * minute }],
    [['openai/a', 'builtin'], 5 * minute, { kind: 'wait', ms: 5 * minute }],
    [['openai/a', 'builtin'], maxWaitBeforePlannerMs + 1, { kind: 'next', models: ['builtin'] }],
    [['openai/a', 'anthropic/b', 'builtin'], 5 * minute, { kind: 'next', models: ['anthropic/b', 'builtin'] }],
    [['openai/a', 'openai/b'], 5 * minute, { kind: 'next', models: ['openai/b'] }],
    // Its attempts are spent: what it asked for was too little.
    [['openai/a'], 1_000, { kind: 'wait', ms: leastLongWaitMs }],
  ])('of %j, for %d ms', (models, ms, expected) => {
    expect(routeFor(models, ms)).toEqual(expected);
  });

  test(`is waited for ${maxLongWaits} times in a row, and as often again after a reply`, () => {
    const trouble = { kind: 'modelFailed', type: 'Model.RateLimited', reason: '', retryAfterMs: minute } as const;
    let state = thinking(['openai/a']);
    for (let wait = 0; wait < maxLongWaits; wait++) {
      expect(routeAfter(state, trouble).kind).toBe('wait');
      state = advance(state, trouble);
    }
    expect(routeAfter(state, trouble)).toEqual({ kind: 'ask' });
    const replied = took(state, { answered: [{ callId: 'p', ok: true, text: '{}' }] });
    expect(routeAfter(replied, trouble).kind).toBe('wait');
  });
});

test('what a model refused goes to another model, and never to the planner', () => {
  const refused = (models: readonly string[]) => routeAfter(thinking(models), { type: 'Model.Refused', reason: '' });
  expect(refused(['openai/a', 'builtin'])).toEqual({ kind: 'decline' });
  expect(refused(['openai/a', 'anthropic/b', 'builtin'])).toEqual({ kind: 'next', models: ['anthropic/b'] });
});

test('a refusal of an analysis that an earlier version began ends it, as it did then', () => {
  const old = took(thinking(['a', 'b'], 'unknown'), { finish: 'refusal' });
  expect(old).toMatchObject({ models: ['a', 'b'], phase: { kind: 'reporting', reason: 'declined' } });
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

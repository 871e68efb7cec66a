import * as fc from 'fast-check';
import {
  advance,
  beginAnalysis,
  maxRefusals,
  maxRepairs,
  mayRepair,
  wrapUpRequest,
} from '../../src/analysis/control.ts';
import type { AnalysisState, Answered, Turn } from '../../src/analysis/state.ts';

const discovered = {
  kind: 'discovered',
  catalog: 'catalog',
  tools: [{ name: 'lake__query', effect: 'read' }],
} as const;
const usage = { inputTokens: 100, outputTokens: 10 };

function turn(head: string, more: Partial<Turn> = {}): Turn {
  return { head, calls: [], answered: [], usage, ...more };
}

function called(...ids: string[]): Turn['calls'] {
  return ids.map((id) => ({ id, name: 'lake__query', summary: id }));
}

function answersTo(...ids: string[]): Answered[] {
  return ids.map((callId) => ({ callId, ok: true, ref: `ref-${callId}` }));
}

function thinking(maxSteps = 10): AnalysisState {
  return advance(beginAnalysis('Count the sales', maxSteps), discovered);
}

function afterTurn(state: AnalysisState, next: Turn): AnalysisState {
  return advance(state, { kind: 'turnCompleted', model: 'm', turn: next });
}

test('results of tools and of the turn itself go together into the next turn', () => {
  const calling = afterTurn(thinking(), turn('h1', { calls: called('a'), answered: answersTo('plan') }));
  const next = advance(calling, { kind: 'callsAnswered', results: answersTo('a') });
  expect(next.phase).toEqual({ kind: 'thinking' });
  expect(next.pending).toEqual([{ kind: 'results', results: answersTo('plan', 'a') }]);
  expect(next.budget).toMatchObject({ steps: 1, toolCalls: 1, inputTokens: 100, outputTokens: 10 });
});

test('a turn that only plans goes straight to the next turn', () => {
  const next = afterTurn(thinking(), turn('h1', { answered: answersTo('plan'), plan: { steps: [] } }));
  expect(next).toMatchObject({ phase: { kind: 'thinking' }, plan: { steps: [] } });
  expect(next.pending).toEqual([{ kind: 'results', results: answersTo('plan') }]);
});

test('words without a call end the analysis', () => {
  expect(afterTurn(thinking(), turn('h1')).phase).toMatchObject({ kind: 'reporting', reason: 'answered' });
});

test('when a report is sent back, every call of its turn has its one result', () => {
  const submission = { ref: 'report', callId: 'submit' };
  const reporting = afterTurn(thinking(), turn('h1', { calls: called('a'), answered: answersTo('plan'), submission }));
  expect(reporting.phase).toMatchObject({ kind: 'reporting', reason: 'submitted', submission });
  const back = advance(reporting, { kind: 'reportRefused', callId: 'submit', text: 'wrong' });
  expect(back).toMatchObject({ phase: { kind: 'thinking' }, refusals: 1 });
  expect(resultsPending(back).map(({ callId, ok }) => [callId, ok])).toEqual([
    ['plan', true],
    ['a', false],
    ['submit', false],
  ]);
  expect(afterTurn(back, turn('h2')).phase).toMatchObject({ kind: 'reporting', reason: 'refused' });
});

test.each([1, 2, 5])('of %i steps the last one is asked to wrap up', (maxSteps) => {
  let state = thinking(maxSteps);
  for (let step = 1; step < maxSteps; step++) {
    expect(state.wrappingUp).toBe(false);
    const calling = afterTurn(state, turn(`h${step}`, { calls: called('a') }));
    state = advance(calling, { kind: 'callsAnswered', results: answersTo('a') });
  }
  expect(state.wrappingUp).toBe(true);
  expect(state.pending.at(-1)).toEqual({ kind: 'user', text: wrapUpRequest });
  const over = afterTurn(state, turn('last', { calls: called('a') }));
  expect(over.phase).toMatchObject({ kind: 'reporting', reason: 'budget' });
});

test('going back after damage is the state before the turn, with the same number for the journal', () => {
  const before = thinking();
  const calling = afterTurn(before, turn('h1', { calls: called('a') }));
  const { head, pending, budget, wrappingUp } = before;
  expect(advance(calling, { kind: 'blobLost' })).toMatchObject({ head, pending, budget, wrappingUp, repairs: 1 });
  const later = advance(calling, { kind: 'callsAnswered', results: answersTo('a') });
  expect(advance(later, { kind: 'blobLost' })).toMatchObject({ head, pending, budget, wrappingUp, repairs: 1 });
});

test('going back from the last step to the one before takes the request to wrap up back, too', () => {
  const calling = afterTurn(thinking(2), turn('h1', { calls: called('a') }));
  const last = advance(calling, { kind: 'callsAnswered', results: answersTo('a') });
  expect(last.wrappingUp).toBe(true);
  expect(advance(last, { kind: 'blobLost' }).wrappingUp).toBe(false);
});

test('what is lost before the first turn is the catalogue: it is made again, and so it is when lost later', () => {
  expect(advance(thinking(), { kind: 'blobLost', ref: 'any' }).phase).toEqual({ kind: 'discovering' });
  const before = thinking();
  const calling = afterTurn(before, turn('h1', { calls: called('a') }));
  const { catalog, head, pending } = before;
  const lost = advance(calling, { kind: 'blobLost', ref: catalog ?? '' });
  expect(lost).toMatchObject({ phase: { kind: 'discovering' }, head, pending, repairs: 1 });
  expect(advance(calling, { kind: 'blobLost', ref: 'any' }).phase).toEqual({ kind: 'thinking' });
});

/** What may happen next; numbers choose among it. */
type Choice = { readonly calls: number; readonly own: number; readonly submits: boolean; readonly what: number };

const choice = fc.record({
  calls: fc.nat({ max: 3 }),
  own: fc.nat({ max: 2 }),
  submits: fc.boolean(),
  what: fc.nat({ max: 9 }),
});

test('in any order of events: one result per call, steps within the limit, repairs and refusals bounded', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(choice, { maxLength: 60 }), (maxSteps, choices) => {
      let state = thinking(maxSteps);
      // The calls of the model's last turn, all of which the next turn must see answered.
      const open = new Map<string, readonly string[]>();
      for (const [index, next] of choices.entries()) {
        const after = happen(state, next, index, open);
        if (after === undefined) return;
        expectInvariants(after, open);
        state = after;
      }
    }),
    { numRuns: 500 },
  );
});

/** The event that the workflow would make of the choice; undefined when the analysis ends. */
function happen(state: AnalysisState, next: Choice, index: number, open: Map<string, readonly string[]>) {
  if (next.what === 9 && mayRepair(state)) return advance(state, { kind: 'blobLost' });
  const { phase } = state;
  switch (phase.kind) {
    case 'discovering':
      return advance(state, discovered);
    case 'thinking': {
      const calls = called(...Array.from({ length: next.calls }, (_, call) => `${index}c${call}`));
      const own = answersTo(...Array.from({ length: next.own }, (_, call) => `${index}p${call}`));
      const submission = next.submits ? { ref: 'report', callId: `${index}s` } : undefined;
      const ids = [...calls.map(({ id }) => id), ...own.map(({ callId }) => callId)];
      open.set(`h${index}`, submission === undefined ? ids : [...ids, submission.callId]);
      const more = submission === undefined ? {} : { submission };
      return afterTurn(state, turn(`h${index}`, { calls, answered: own, ...more }));
    }
    case 'calling':
      return advance(state, { kind: 'callsAnswered', results: answersTo(...phase.calls.map(({ id }) => id)) });
    case 'reporting': {
      const mayMend = phase.submission !== undefined && state.refusals < maxRefusals && !state.wrappingUp;
      if (!mayMend || next.what < 5) return undefined;
      return advance(state, { kind: 'reportRefused', callId: phase.submission.callId, text: 'wrong' });
    }
  }
}

function expectInvariants(state: AnalysisState, open: ReadonlyMap<string, readonly string[]>): void {
  const { budget, phase } = state;
  expect(budget.steps).toBeLessThanOrEqual(budget.maxSteps);
  expect(state.repairs).toBeLessThanOrEqual(maxRepairs);
  expect(state.refusals).toBeLessThanOrEqual(maxRefusals);
  if (phase.kind !== 'thinking') return;
  const isLast = budget.steps === budget.maxSteps - 1;
  expect(state.wrappingUp).toBe(isLast);
  expect(state.pending.some((pending) => pending.kind === 'user' && pending.text === wrapUpRequest)).toBe(isLast);
  const expected = state.head === null ? [] : open.get(state.head)!;
  expect(
    resultsPending(state)
      .map(({ callId }) => callId)
      .sort(),
  ).toEqual([...expected].sort());
}

function resultsPending(state: AnalysisState): Answered[] {
  return state.pending.flatMap((pending) => (pending.kind === 'results' ? pending.results : []));
}

test('a report that was written and cannot be used may be sent again once', () => {
  const once = afterTurn(thinking(), turn('h1', { rejected: 'findings[0] is wrong' }));
  expect(once).toMatchObject({
    phase: { kind: 'thinking' },
    pending: [{ kind: 'user', text: 'findings[0] is wrong' }],
    rejections: 1,
  });
  const twice = afterTurn(once, turn('h2', { rejected: 'findings[0] is wrong' }));
  expect(twice.phase).toMatchObject({ kind: 'reporting', reason: 'answered' });
});

test('a written report that is sent back is answered in words: there is no call to answer', () => {
  const submission = { ref: 'report', callId: '' };
  const reporting = afterTurn(thinking(), turn('h1', { submission }));
  const back = advance(reporting, { kind: 'reportRefused', callId: '', text: 'wrong' });
  expect(back).toMatchObject({ phase: { kind: 'thinking' }, pending: [{ kind: 'user', text: 'wrong' }], refusals: 1 });
});

/** Interrupts on the state machine: none is lost or doubled, every call gets one result, in whatever order things happen. */
import * as fc from 'fast-check';
import { advance, beginAnalysis } from '../../src/analysis/control.ts';
import type { AnalysisState, Pending, Turn } from '../../src/analysis/state.ts';
import {
  accept,
  afterInterrupts,
  isInterrupted,
  readInterrupt,
  redirectedTo,
  redirection,
  type Interrupt,
} from '../../src/analysis/interrupts.ts';

type Happening =
  | { readonly kind: 'signal'; readonly interrupt: Interrupt }
  /** A safe point, and what was under way ends there. */
  | { readonly kind: 'step'; readonly calls: number };

const signal = fc.oneof(
  fc.constant({ kind: 'pause' } as const),
  fc.constant({ kind: 'resume' } as const),
  fc.nat().map((n) => ({ kind: 'redirect', text: `words-${n}` }) as const),
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  signal.map((interrupt) => ({ kind: 'signal', interrupt }) as const),
  fc.nat(3).map((calls) => ({ kind: 'step', calls }) as const),
);

/** The model and the tools, and what each turn was given: the ids that were called and those that were answered. */
function world() {
  const called: string[] = [];
  const given: Pending[] = [];
  let turn = 0;
  const step = (state: AnalysisState, calls: number): AnalysisState => {
    const { phase } = state;
    if (phase.kind === 'discovering') return advance(state, { kind: 'discovered', catalog: 'c', tools: [] });
    if (phase.kind === 'thinking') {
      given.push(...state.pending);
      turn += 1;
      const requested = Array.from({ length: calls + 1 }, (_, index) => ({
        id: `t${turn}c${index}`,
        name: 'q',
        summary: '',
      }));
      called.push(...requested.map(({ id }) => id));
      const made: Turn = {
        head: `h${turn}`,
        calls: requested,
        answered: [],
        usage: { inputTokens: 1, outputTokens: 1 },
      };
      return advance(state, { kind: 'turnCompleted', turn: made, model: 'm' });
    }
    if (phase.kind === 'calling')
      return advance(state, {
        kind: 'callsAnswered',
        results: phase.calls.map(({ id }) => ({ callId: id, ok: true })),
      });
    return state;
  };
  return { called, given, step };
}

test('500 random schedules: every word reaches the model once and in order, every call has one result', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const { called, given, step } = world();
      const words: string[] = [];
      let state = beginAnalysis('The task', 1_000);
      const proceed = (calls: number) => {
        if (state.paused !== undefined) return;
        // What continue-as-new does to it: only what JSON carries.
        state = JSON.parse(JSON.stringify(afterInterrupts(state))) as AnalysisState;
        state = step(state, calls);
      };
      happenings.forEach((one, index) => {
        if (one.kind === 'step') return proceed(one.calls);
        if (one.interrupt.kind === 'redirect') words.push(one.interrupt.text);
        state = accept(state, one.interrupt, index);
      });
      state = accept(state, { kind: 'resume' }, 0);
      for (let rest = 0; rest < 4; rest += 1) proceed(0);
      expect(isInterrupted(state)).toBe(false);
      const texts = given.flatMap((one) => (one.kind === 'user' ? one.text.split('\n') : []));
      expect(texts.flatMap((line) => redirectedTo(line) ?? [])).toEqual(words);
      const answered = given.flatMap((one) => (one.kind === 'results' ? one.results.map(({ callId }) => callId) : []));
      expect(new Set(answered).size).toBe(answered.length);
      // All but those of the last turn, whose results the model has not been given yet.
      expect(called.slice(0, answered.length)).toEqual(answered);
      expect(called.length - answered.length).toBeLessThanOrEqual(4);
    }),
    { numRuns: 500 },
  );
});

test('a stop is final, whatever is said after it', () => {
  fc.assert(
    fc.property(fc.array(signal), (after) => {
      const stopped = accept(beginAnalysis('The task', 10), { kind: 'stop', by: 'ada' }, 0);
      const end = after.reduce((state, one) => accept(state, one, 1), stopped);
      expect(afterInterrupts(end).phase).toMatchObject({ kind: 'reporting', reason: 'stopped' });
    }),
  );
});

test('a redirect of a submitted report answers the submission, and the analysis goes on', () => {
  const reporting: AnalysisState = {
    ...beginAnalysis('The task', 10),
    phase: { kind: 'reporting', reason: 'submitted', submission: { ref: 'r', callId: 's' }, answered: [] },
  };
  const turned = afterInterrupts(accept(reporting, { kind: 'redirect', text: 'by region' }, 0));
  expect(turned.phase).toEqual({ kind: 'thinking' });
  expect(turned.pending).toEqual([
    { kind: 'results', results: [expect.objectContaining({ callId: 's', ok: false })] },
    { kind: 'user', text: redirection('by region') },
  ]);
});

test.each([[undefined], [{}], [{ by: 'ada' }], [{ by: 'ada', more: 1 }]])('a pause may come as %j', (payload) => {
  expect(readInterrupt('pause', payload)).toMatchObject({ kind: 'pause' });
});

test.each([['x'], [7], [null], [[1]], [{ by: 3 }]])('a pause may not come as %j', (payload) => {
  expect(readInterrupt('pause', payload)).toMatch(/^Ignored a pause: expected/);
});

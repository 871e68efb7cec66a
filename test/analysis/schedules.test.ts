/** Random schedules on the state machine: whatever happens in whatever order, no word is lost or doubled, and it ends. */
import * as fc from 'fast-check';
import { openDrawnRun, type Move } from '../support/drawn-run.ts';

const steps = fc.integer({ min: 1, max: 60 });

const said: fc.Arbitrary<Move> = fc
  .oneof(
    { weight: 4, arbitrary: fc.constant({ kind: 'pause' } as const) },
    { weight: 4, arbitrary: fc.constant({ kind: 'resume' } as const) },
    { weight: 4, arbitrary: fc.nat().map((n) => ({ kind: 'redirect', text: `words-${n}` }) as const) },
    { weight: 1, arbitrary: fc.constant({ kind: 'stop' } as const) },
  )
  .map((interrupt) => ({ kind: 'say', interrupt }));

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 8, arbitrary: fc.nat(1_000).map((luck): Move => ({ kind: 'work', luck })) },
  { weight: 4, arbitrary: said },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('approve', 'deny', 'change', 'always')
      .map((decision): Move => ({ kind: 'decide', decision: decision as 'approve' })),
  },
  { weight: 1, arbitrary: steps.map((count): Move => ({ kind: 'limits', steps: count })) },
  { weight: 1, arbitrary: fc.constantFrom<Move>({ kind: 'lose' }, { kind: 'continueAsNew' }, { kind: 'crash' }) },
);

/** Moves after which every run has come to its end: people decide, nobody speaks. */
const restMoves = 400;

test('500 random schedules: words once and in order, each call one result, a legal conversation, an end', () => {
  let endedByItself = 0;
  fc.assert(
    fc.property(fc.array(move, { maxLength: 160, size: 'max' }), fc.boolean(), steps, (moves, plan, maxSteps) => {
      const run = openDrawnRun({ plan, maxSteps });
      for (const one of moves) run.move(one);
      if (run.isEnded()) endedByItself += 1;
      run.move({ kind: 'say', interrupt: { kind: 'resume' } });
      for (let rest = 0; rest < restMoves && !run.isEnded(); rest += 1) {
        run.move({ kind: 'decide', decision: 'approve' });
        run.move({ kind: 'work', luck: 1 });
        run.move({ kind: 'crash' });
      }
      expect(run.isEnded()).toBe(true);
      const given = run.wordsGiven();
      // A stop ends what was not begun; everything else reached the conversation, once and in order.
      expect(given).toEqual(run.state.stopped === undefined ? run.words : run.words.slice(0, given.length));
    }),
    { numRuns: 500 },
  );
  // Both kinds are among them, or the schedules would say little.
  expect(endedByItself).toBeGreaterThan(0);
  expect(endedByItself).toBeLessThan(500);
});

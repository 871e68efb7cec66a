/** The lines below the progress: they fit whatever terminal there is, and show the step that is under way. */
import * as fc from 'fast-check';
import { boardLines, type Watched } from '../../src/ui/board.ts';

const spent = { usd: 0.03, tokens: 12_345, bytesScanned: 10_900_000 };

function watched(steps: number, done: number, title = 'Compare the levels of each driver'): Watched {
  const state = (index: number) => (index < done ? 'done' : index === done ? 'doing' : 'open');
  return {
    status: 'running',
    plan: { steps: Array.from({ length: steps }, (_, index) => ({ title, state: state(index) })) },
    startedAtMs: 0,
    steps: 4,
    maxSteps: 100,
    toolCalls: 12,
    spent,
  };
}

const room = { nowMs: 62_000, columns: 80, rows: 24 };

test('the plan with its marks, and what was used', () => {
  expect(boardLines(watched(3, 1), room)).toEqual([
    '☑ 1. Compare the levels of each driver',
    '▶ 2. Compare the levels of each driver',
    '☐ 3. Compare the levels of each driver',
    '1:02 · step 4 of 100 · 12 tool calls · $0.0300 · 12,345 tokens · 10.9 MB …',
  ]);
  expect(boardLines(watched(3, 1), { ...room, columns: 120 }).at(-1)).toMatch(/10\.9 MB scanned$/);
});

test('a low terminal shows no plan; what holds it up is said', () => {
  expect(boardLines({ ...watched(3, 1), status: 'paused' }, { ...room, rows: 19 })).toEqual([
    expect.stringMatching(/^paused · 1:02 · step 4 of 100/),
  ]);
});

test('whatever the plan and the width: few lines, each fits, and the step under way is among them', () => {
  const sizes = fc.record({ steps: fc.nat(20), done: fc.nat(20), columns: fc.integer({ min: 20, max: 200 }) });
  fc.assert(
    fc.property(sizes, fc.string({ unit: 'grapheme', maxLength: 80 }), ({ steps, done, columns }, title) => {
      const lines = boardLines(watched(steps, done, title), { ...room, columns });
      expect(lines.length).toBeLessThanOrEqual(11);
      // In UTF-16 units a character takes at most two.
      for (const line of lines) expect(line.length).toBeLessThan(2 * columns);
      const isShown = lines.some((line) => line.startsWith(`▶ ${done + 1}. `));
      expect(isShown).toBe(done < steps);
    }),
  );
});

/** What the Temporal UI shows of an analysis that is held up: who did it, what it waits for, the plan, and what was used. */
import { beginAnalysis } from '../../src/analysis/control.ts';
import { addProgress } from '../../src/analysis/progress.ts';
import type { AnalysisState } from '../../src/analysis/state.ts';
import { currentDetails } from '../../src/workflows/current-details.ts';

const begun = beginAnalysis('Count the sales', 20);

const state: AnalysisState = {
  ...begun,
  phase: { kind: 'thinking' },
  plan: {
    steps: [
      { title: 'Look', state: 'done' },
      { title: 'Count', state: 'doing' },
    ],
  },
  budget: { ...begun.budget, steps: 2, toolCalls: 3, inputTokens: 1_000, outputTokens: 200, bytesScanned: 2_500_000 },
  spending: {
    m: { calls: 2, inputTokens: 1_000, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 200, costUsd: 0.02 },
  },
  progress: addProgress(addProgress(begun.progress, 0, 'started', 'Count the sales'), 1, 'said', 'Looking.'),
};

test('one block for each: task, who paused it, what was used, the plan, the latest', () => {
  expect(currentDetails('Count the sales', { ...state, paused: { by: 'ada', sinceMs: 0 } }).split('\n\n')).toEqual([
    '**Count the sales**',
    '**Paused by ada** since 1970-01-01T00:00:00.000Z; it goes on with the signal `resume`.',
    'thinking · step 2 of 20 · 3 tool calls · $0.0200 · 1,200 tokens · 2.5 MB scanned',
    '### Plan',
    '- ☑ Look\n- ▶ Count',
    '### Latest',
    '- Count the sales\n- Looking.',
  ]);
});

test('what it waits for, with the arguments and the deadline', () => {
  const ask = { kind: 'call', id: 'ab12', callId: 'w1', name: 'lake__write', why: 'it writes' } as const;
  const asks = [{ ...ask, arguments: '{"sql":"DELETE FROM sales"}', sinceMs: 0, untilMs: 60_000 }];
  expect(currentDetails('Count the sales', { ...state, asks }).split('\n\n')[1]).toBe(
    '**Waits for a person**: a yes to `lake__write` (ab12), because it writes; until 1970-01-01T00:01:00.000Z, then no: `{"sql":"DELETE FROM sales"}`',
  );
});

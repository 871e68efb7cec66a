import {
  addProgress,
  maxProgressEvents,
  maxProgressText,
  noProgress,
  progressAfter,
  shorten,
} from '../../src/analysis/progress.ts';

test('events are numbered from 1 and can be asked for after a number', () => {
  const two = addProgress(addProgress(noProgress, 10, 'started', 'Begin'), 20, 'said', 'Look');
  expect(two.events).toEqual([
    { seq: 1, atMs: 10, kind: 'started', text: 'Begin' },
    { seq: 2, atMs: 20, kind: 'said', text: 'Look' },
  ]);
  expect(progressAfter(two, 1).map(({ seq }) => seq)).toEqual([2]);
  expect(progressAfter(two, 2)).toEqual([]);
});

test('only the latest events are kept, and their numbers go on', () => {
  let progress = noProgress;
  for (let index = 0; index < maxProgressEvents + 5; index++) progress = addProgress(progress, index, 'said', 'x');
  expect(progress.events).toHaveLength(maxProgressEvents);
  expect(progress.events[0]?.seq).toBe(6);
  expect(progress.lastSeq).toBe(maxProgressEvents + 5);
});

test('a text is one line and never longer than allowed', () => {
  expect(shorten(' a\n  b\tc ', 20)).toBe('a b c');
  expect(shorten('x'.repeat(21), 20)).toBe(`${'x'.repeat(19)}…`);
  expect(shorten('x'.repeat(20), 20)).toBe('x'.repeat(20));
  const { events } = addProgress(noProgress, 0, 'said', 'y'.repeat(1_000));
  expect(events[0]?.text).toHaveLength(maxProgressText);
});

/** When people are told that something waits: once at first, then as often as asked, and once those above them. */
import { maxWords, nextWord, type WordTimes } from '../../src/analysis/waiting-words.ts';

const hour = 3_600_000;

/** Every word about something asked at 0 that waits for `withinMs`: its stage and hour. */
function words(withinMs: number, times: WordTimes): [string, number][] {
  const said: [string, number][] = [];
  for (;;) {
    const next = nextWord({ sinceMs: 0, untilMs: withinMs, told: said.length }, times);
    if (next === undefined) return said;
    said.push([next.stage, next.atMs / hour]);
  }
}

test('without times it is said once', () => {
  expect(words(10 * hour, {})).toEqual([['asked', 0]]);
});

test('reminders come until the deadline, the escalation once among them', () => {
  expect(words(10 * hour, { remindAfterMs: 3 * hour, escalateAfterMs: 4 * hour })).toEqual([
    ['asked', 0],
    ['reminder', 3],
    ['escalation', 4],
    ['reminder', 6],
    ['reminder', 9],
  ]);
});

test('of two that are due together the escalation comes first', () => {
  expect(words(7 * hour, { remindAfterMs: 3 * hour, escalateAfterMs: 3 * hour })).toEqual([
    ['asked', 0],
    ['escalation', 3],
    ['reminder', 3],
    ['reminder', 6],
  ]);
});

test('nothing is said at or after the deadline', () => {
  expect(words(3 * hour, { remindAfterMs: 3 * hour, escalateAfterMs: 5 * hour })).toEqual([['asked', 0]]);
});

test('a reminder every minute for a year ends at the limit', () => {
  expect(words(365 * 24 * hour, { remindAfterMs: 60_000 })).toHaveLength(maxWords);
});

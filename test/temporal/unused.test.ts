/** The host goes only when two looks in a row found neither a client nor a running analysis. */
import { createLeases, waitUntilUnused } from '../../src/temporal/unused.ts';

const pauses = { afterZeroMs: 1, afterRunningMs: 1 };
const { signal } = new AbortController();

/** Answers the counts in turn, and fails when asked more often. */
function counts(...answers: (number | (() => number))[]) {
  return {
    left: answers,
    count: async () => {
      const answer = answers.shift();
      if (answer === undefined) throw new Error('Expected no further count.');
      return typeof answer === 'number' ? answer : answer();
    },
  };
}

test('an analysis seen only by the second look keeps the host', async () => {
  const { left, count } = counts(0, 1, 2, 0, 0);
  await waitUntilUnused(createLeases(), count, signal, pauses);
  expect(left).toEqual([]);
});

test('a client that came and went between two looks makes them begin anew', async () => {
  const leases = createLeases();
  const visit = () => {
    leases.add().end();
    return 0;
  };
  const { left, count } = counts(0, visit, 0);
  await waitUntilUnused(leases, count, signal, pauses);
  expect(left).toEqual([]);
});

test('nothing is counted while a client is there', async () => {
  const leases = createLeases();
  const lease = leases.add();
  const { left, count } = counts(0, 0);
  const over = waitUntilUnused(leases, count, signal, pauses);
  await new Promise(setImmediate);
  expect(left).toEqual([0, 0]);
  lease.end();
  lease.end();
  await over;
  expect(left).toEqual([]);
});

test('the wait ends with the signal, a client there or not', async () => {
  const abort = new AbortController();
  const leases = createLeases();
  leases.add();
  const over = waitUntilUnused(leases, counts().count, abort.signal, pauses);
  abort.abort(new Error('the host is stopping'));
  await expect(over).rejects.toThrow('the host is stopping');
});

import { array, assert, constantFrom, property } from 'fast-check';
import {
  afterToolTrouble,
  maxFailures,
  maxLosses,
  noTries,
  triesAfter,
  waysFor,
  type ToolTrouble,
} from '../../src/analysis/tool-recovery.ts';
import { readWayOut } from '../../src/analysis/ways-out.ts';

const gone: ToolTrouble = { kind: 'failed', type: 'Tool.Unavailable', message: 'gone', mayRetry: true };
const bug: ToolTrouble = { ...gone, type: 'Bug' };
const lost: ToolTrouble = { kind: 'lost', attempts: 1 };

function course(troubles: readonly ToolTrouble[], standIn?: string, isGivenUp = false) {
  let tries = noTries;
  return troubles.map((trouble) => {
    tries = triesAfter(tries, trouble);
    return afterToolTrouble(trouble, tries, { ...(standIn === undefined ? {} : { standIn }), isGivenUp, random: 0.5 });
  });
}

test('a source is tried five times, each time later, then a person is asked', () => {
  expect(course([gone, gone, gone, gone, gone])).toEqual([
    { kind: 'again', afterMs: 200 },
    { kind: 'again', afterMs: 1_000 },
    { kind: 'again', afterMs: 5_000 },
    { kind: 'again', afterMs: 30_000 },
    { kind: 'ask', need: 'source' },
  ]);
});

test('where another tool can answer it does after three attempts, at once when no attempt can help', () => {
  expect(course([gone, gone, gone], 'b__query').at(-1)).toEqual({ kind: 'standIn', tool: 'b__query' });
  expect(course([{ ...gone, mayRetry: false }], 'b__query')).toEqual([{ kind: 'standIn', tool: 'b__query' }]);
});

test('a defect is parked after five failures; what the model can mend it is told at once', () => {
  expect(course([bug, bug, bug, bug, bug], 'b__query').at(-1)).toEqual({ kind: 'ask', need: 'repeated' });
  for (const type of ['Tool.InvalidArguments', 'Tool.Timeout', 'Tool.ResultTooLarge', 'Tool.Denied'])
    expect(course([{ ...gone, type, mayRetry: false }])).toEqual([{ kind: 'tell' }]);
});

test('three lost workers park a call, whatever failed between them; before that it is tried apart from the others', () => {
  const [first, second, ...others] = course([lost, gone, lost, gone, lost]);
  expect(first).toEqual({ kind: 'again', afterMs: 5_500 });
  expect(second).toMatchObject({ kind: 'again' });
  expect(others.at(-1)).toEqual({ kind: 'ask', need: 'poison' });
});

test('no course of troubles goes on for ever without a person', () => {
  const trouble = constantFrom(gone, bug, lost);
  assert(
    property(array(trouble, { minLength: maxFailures + maxLosses - 1, maxLength: 30 }), (troubles) => {
      expect(course(troubles).some(({ kind }) => kind === 'ask')).toBe(true);
    }),
  );
});

test('an unknown outcome is never tried again by itself', () => {
  const unknown: ToolTrouble = { ...gone, type: 'Tool.OutcomeUnknown', mayRetry: false };
  expect(course([unknown], 'b__query')).toEqual([{ kind: 'ask', need: 'outcome' }]);
  expect(waysFor('outcome').map(({ word }) => word)).toEqual(['done', 'again', 'without', 'stop']);
});

test.each([
  ['Retry', { word: 'retry', rest: '' }],
  ['  without: no need of it ', { word: 'without', rest: 'no need of it' }],
  ['maybe', expect.stringContaining('begins with retry, without, stop')],
  ['', expect.stringContaining('found ""')],
])('the answer %j is read', (text, read) => {
  expect(readWayOut(waysFor('source'), text)).toEqual(read);
});

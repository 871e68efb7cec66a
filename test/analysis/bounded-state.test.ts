/** What a session without end must not grow by: words that wait, patterns that are allowed, sentences on who gave way. */
import { beginAnalysis } from '../../src/analysis/control.ts';
import { maxAlways, withAlways } from '../../src/analysis/decisions.ts';
import { accept, maxRedirects } from '../../src/analysis/interrupts.ts';
import { maxSwitches, withSwitch } from '../../src/analysis/switches.ts';

const many = Array.from({ length: 200 }, (_, index) => `words ${index}`);

test('redirections that wait are bounded, and the first ones are kept', () => {
  const state = many.reduce((before, text) => accept(before, { kind: 'redirect', text }, 0), beginAnalysis('Count', 9));
  expect(state.redirects).toEqual(many.slice(0, maxRedirects));
});

test('patterns that are allowed are bounded; one that is there is no new one', () => {
  const state = [...many, ...many].reduce(withAlways, beginAnalysis('Count', 9));
  expect(state.always).toEqual(many.slice(0, maxAlways));
});

test('sentences on who gave way are bounded', () => {
  expect(many.reduce<readonly string[]>(withSwitch, [])).toEqual(many.slice(0, maxSwitches));
});

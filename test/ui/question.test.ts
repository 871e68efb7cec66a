/** What a person may type after Ctrl+C. */
import { choiceOf } from '../../src/ui/question.ts';

test.each([
  ['c', 'continue'],
  ['Redirect', 'redirect'],
  [' st ', 'stop'],
  ['detach', 'detach'],
  ['', undefined],
  ['stopp', undefined],
  ['x', undefined],
])('%j means %s', (words, choice) => {
  expect(choiceOf(words)).toBe(choice);
});

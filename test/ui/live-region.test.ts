/** The lines under which a running answer is drawn: never wider than the terminal, never more than asked, no control characters. */
import { assert, integer, property, string } from 'fast-check';
import { regionLines } from '../../src/ui/live-region.ts';

test('the end of a long text, wrapped', () => {
  expect(regionLines('abcdefghijklmnop', 11)).toEqual(['abcdefghij', 'klmnop']);
  expect(regionLines(Array.from({ length: 50 }, (_, line) => `line ${line}`).join('\n'))).toEqual(
    [44, 45, 46, 47, 48, 49].map((line) => `line ${line}`),
  );
});

test('between words, and lines that were drawn stay as more comes', () => {
  expect(regionLines('one two three four', 11)).toEqual(['one two ', 'three four']);
  const words = Array.from({ length: 30 }, (_, word) => `word${word}`);
  const [before, after] = [words.slice(0, 20), words].map((some) => regionLines(some.join(' '), 80));
  expect(after!.slice(0, before!.length - 1)).toEqual(before!.slice(0, -1));
});

test('a model cannot move the cursor or ring the bell', () => {
  expect(regionLines('a\u001b[2Jb\u0007c\rd\u009b31me').join('')).not.toMatch(/(?!\n)\p{Cc}/u);
});

test('whatever the text: few lines, each fits', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 2_000 }), integer({ min: 11, max: 200 }), (text, columns) => {
      const lines = regionLines(text, columns);
      expect(lines.length).toBeLessThanOrEqual(6);
      // In UTF-16 units a character takes at most two.
      for (const line of lines) expect(line.length).toBeLessThan(2 * columns);
    }),
  );
});

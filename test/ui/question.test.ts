/** Questions at the terminal, with keys pressed by a script: what is chosen, and what is no answer. */
import { PassThrough } from 'node:stream';
import { askWords, choose } from '../../src/ui/question.ts';

const keys = { down: '\u001B[B', enter: '\r', interrupt: '\u0003' };

const colours = [
  { value: 'red', label: 'Red' },
  { value: 'blue', label: 'Blue' },
];

function terminal() {
  const input = new PassThrough();
  const output = new PassThrough();
  const seen = { text: '' };
  output.on('data', (piece: Buffer) => (seen.text += piece.toString()));
  return { input, output, seen, press: (...pressed: string[]) => pressed.forEach((key) => input.write(key)) };
}

test('a choice is made with the arrow keys', async () => {
  const { input, output, seen, press } = terminal();
  const chosen = choose('Which?', colours, { input, output });
  press(keys.down, keys.enter);
  expect(await chosen).toBe('blue');
  expect(seen.text).toContain('Which?');
});

test('Ctrl+C is no choice', async () => {
  const { input, output, press } = terminal();
  const chosen = choose('Which?', colours, { input, output });
  press(keys.interrupt);
  expect(await chosen).toBeUndefined();
});

test('a question that somebody else has answered goes away', async () => {
  const { input, output } = terminal();
  const gone = new AbortController();
  const chosen = choose('Which?', colours, { input, output, signal: gone.signal });
  gone.abort();
  expect(await chosen).toBeUndefined();
});

test('words are asked for until there are some', async () => {
  const { input, output, seen, press } = terminal();
  const words = askWords('Where to?', { input, output });
  press(' ', keys.enter);
  press('o', 'n', 'l', 'y', keys.enter);
  expect(await words).toBe('only');
  expect(seen.text).toContain('Some words, please.');
});

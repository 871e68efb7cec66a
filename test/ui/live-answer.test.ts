/** Pieces of an answer on the screen and as events: no word twice, a new attempt begins anew. */
import { createLiveAnswer } from '../../src/ui/live-answer.ts';
import type { Terminal } from '../../src/ui/terminal.ts';

function screen() {
  const events: unknown[] = [];
  const seen = { text: '' };
  const terminal: Terminal = {
    progress: () => undefined,
    notice: () => undefined,
    answer: (text) => void events.push(JSON.parse(text)),
    live: (text) => (seen.text = text),
    board: () => undefined,
    hold: () => ({ [Symbol.dispose]: () => undefined }),
    colors: undefined as never,
    answerColors: undefined as never,
  };
  return { terminal, events, seen };
}

const at = (attempt: number, offset: number, text: string) => ({ turn: 1, attempt, offset, text });

test('what overlaps is shown once, what is missing is marked', () => {
  const { terminal, seen } = screen();
  const reader = createLiveAnswer(terminal, false);
  reader.piece(at(1, 0, 'Sales '));
  reader.piece(at(1, 3, 'es fell'));
  expect(seen.text).toBe('Sales fell');
  reader.piece(at(1, 100, 'much later'));
  expect(seen.text).toBe('Sales fell… much later');
});

test('another attempt takes away what was shown', () => {
  const { terminal, events, seen } = screen();
  const reader = createLiveAnswer(terminal, true);
  reader.piece(at(1, 0, 'half'));
  reader.ended();
  reader.piece(at(2, 0, ''));
  expect(seen.text).toBe('');
  reader.piece(at(2, 0, 'whole'));
  expect(seen.text).toBe('whole');
  expect(events).toEqual([
    { kind: 'text', ...at(1, 0, 'half') },
    { kind: 'rewind', turn: 1, attempt: 2 },
    { kind: 'text', ...at(2, 0, 'whole') },
  ]);
});

test('a turn that is asked again after a pause begins anew, though its attempt has the same number', () => {
  const { terminal, events, seen } = screen();
  const reader = createLiveAnswer(terminal, true);
  reader.piece(at(1, 0, 'half an answer'));
  reader.ended();
  reader.piece(at(1, 0, 'whole'));
  expect(seen.text).toBe('whole');
  expect(events).toContainEqual({ kind: 'rewind', turn: 1, attempt: 1 });
});

test('after the end nothing is left on the screen', () => {
  const { terminal, seen } = screen();
  const reader = createLiveAnswer(terminal, false);
  reader.piece(at(1, 0, 'word'));
  reader.ended();
  expect(seen.text).toBe('');
});

/** The text of running answers: offsets, attempts, what is kept, and the tail of a heartbeat. */
import { createLiveText, maxTailBytes, tailOf } from '../../src/live/live-text.ts';

const first = { session: 's', turn: 1, attempt: 1 };

test('a watcher that comes late gets the answer from its beginning, then what is new', () => {
  const live = createLiveText();
  const writer = live.begin(first);
  writer.write('Sales ');
  writer.write('fell');
  expect(live.after('s', undefined)).toEqual({ turn: 1, attempt: 1, offset: 0, text: 'Sales fell' });
  expect(live.after('s', { turn: 1, attempt: 1, offset: 10 })).toBeUndefined();
  writer.write('.');
  expect(live.after('s', { turn: 1, attempt: 1, offset: 10 })).toEqual({ turn: 1, attempt: 1, offset: 10, text: '.' });
});

test('another attempt is told at once, before it has a word, and starts at 0', () => {
  const live = createLiveText();
  live.begin(first).write('half an ans');
  live.begin({ ...first, attempt: 2 });
  expect(live.after('s', { turn: 1, attempt: 1, offset: 11 })).toEqual({ turn: 1, attempt: 2, offset: 0, text: '' });
});

test('an attempt that ends late does not take away the text of the next one', () => {
  const live = createLiveText();
  const old = live.begin(first);
  live.begin({ ...first, attempt: 2 }).write('new');
  old.write('stray');
  old.end();
  expect(live.after('s', undefined)).toMatchObject({ attempt: 2, text: 'new' });
});

test('an answer that is over is told once to who has seen it, and is not there for others', () => {
  const live = createLiveText();
  const writer = live.begin(first);
  writer.write('done');
  writer.end();
  expect(live.after('s', { turn: 1, attempt: 1, offset: 4 })).toBe('ended');
  expect(live.after('s', undefined)).toBeUndefined();
});

test('sessions do not see each other', () => {
  const live = createLiveText();
  const news: string[] = [];
  const stop = live.watch('s', () => news.push('s'));
  live.watch('other', () => news.push('other'));
  live.begin(first).write('a');
  stop();
  live.begin(first).write('b');
  expect(news).toEqual(['s', 's']);
  expect(live.after('other', undefined)).toBeUndefined();
});

test('memory is bounded: the beginning of a very long answer goes, offsets stay true', () => {
  const live = createLiveText();
  const writer = live.begin(first);
  for (let piece = 0; piece < 2_000; piece += 1) writer.write(`${piece}`.padStart(1_000, '.'));
  const kept = live.after('s', undefined) as { offset: number; text: string };
  expect(kept.offset + kept.text.length).toBe(2_000_000);
  expect(kept.text.length).toBeLessThanOrEqual(400_000);
  expect(kept.text.endsWith('.1999')).toBe(true);
  expect(writer.state().chars).toBe(2_000_000);
});

test.each([
  ['ascii', 'a'.repeat(5_000)],
  ['two bytes', 'é'.repeat(5_000)],
  ['four bytes', `x${'😀'.repeat(5_000)}`],
  ['short', 'kurz'],
])('the tail is whole characters within its bytes: %s', (_, text) => {
  const tail = tailOf(text);
  expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(maxTailBytes);
  expect(text.endsWith(tail)).toBe(true);
  expect(tail).not.toContain('\uFFFD');
  expect(Buffer.byteLength(tail)).toBeGreaterThan(Math.min(Buffer.byteLength(text), maxTailBytes) - 4);
});

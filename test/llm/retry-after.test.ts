import * as fc from 'fast-check';
import { retryAfterMs } from '../../src/llm/retry-after.ts';

const now = Date.parse('2026-11-22T10:00:00Z');
const hint = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), now);

test.each<[string, Record<string, string>, number | undefined]>([
  ['seconds', { 'retry-after': '7' }, 7_000],
  ['half seconds', { 'retry-after': '0.5' }, 500],
  ['a date', { 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT' }, 30_000],
  ['a date that has passed', { 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT' }, 0],
  ['milliseconds, which win', { 'retry-after-ms': '250', 'retry-after': '7' }, 250],
  ['milliseconds nobody can read', { 'retry-after-ms': 'soon', 'retry-after': '7' }, 7_000],
  ['nothing', {}, undefined],
  ['words', { 'retry-after': 'in a while' }, undefined],
  ['less than nothing', { 'retry-after': '-5' }, undefined],
  ['a year', { 'retry-after': '31536000' }, undefined],
])('%s', (_, headers, expected) => {
  expect(hint(headers)).toBe(expected);
});

test('whatever stands there, the wait is none or a number of at least 0', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (first, second) => {
      const headers = { get: (name: string) => (name === 'retry-after' ? first : second) };
      const ms = retryAfterMs(headers, now);
      expect(ms === undefined || (Number.isInteger(ms) && ms >= 0)).toBe(true);
    }),
  );
});

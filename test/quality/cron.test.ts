import { readCron, type Cron } from '../../src/quality/cron.ts';

const cron = (text: string): Cron => {
  const read = readCron(text);
  if (typeof read === 'string') throw new Error(read);
  return read;
};
/** Of March 2026, which begins on a Sunday. */
const daysOf = (text: string): number[] =>
  Array.from({ length: 31 }, (_, index) => index + 1).filter((day) => cron(text).isOn({ year: 2026, month: 3, day }));

test.each([
  ['0 2 * * 0', [1, 8, 15, 22, 29]],
  ['0 2 * * 7', [1, 8, 15, 22, 29]],
  ['0 2 * * SUN', [1, 8, 15, 22, 29]],
  ['0 2 1-3,20/5 * *', [1, 2, 3, 20, 25, 30]],
  ['0 2 */10 mar mon-fri', [11, 31]],
  ['@weekly', [1, 8, 15, 22, 29]],
  ['@monthly', [1]],
  ['@yearly', []],
  ['0 2 * 4 *', []],
])('%s is on these days of March 2026', (text, days) => {
  expect(daysOf(text)).toEqual(days);
});

test('a time of day is there where there is one only', () => {
  expect(cron(' 30  2 * * 0 ')).toMatchObject({ text: '30 2 * * 0', time: { hour: 2, minute: 30 } });
  expect(cron('@daily').time).toEqual({ hour: 0, minute: 0 });
  expect(cron('*/5 2 * * *').time).toBeUndefined();
  expect(cron('@hourly').time).toBeUndefined();
});

test.each(['soon', '* * * *', '0 2 * * * *', '0 2 * * MOON', '0 2 0 * *', '0 2 * 13 *', '0 2 5-2 * *', '61 2 * * *'])(
  '%s is none',
  (text) => {
    expect(typeof readCron(text)).toBe('string');
  },
);

import { skippedDays } from '../../src/quality/clock-changes.ts';

const years = { from: 2026, to: 2028 };
const days = (zone: string, hour: number, minute = 30) =>
  skippedDays(zone, { hour, minute }, years).map(({ year, month, day }) => `${year}-${month}-${day}`);

test.each([
  ['Europe/Berlin', 2, ['2026-3-29', '2027-3-28']],
  ['Europe/Berlin', 1, []],
  ['Europe/Berlin', 3, []],
  ['America/New_York', 2, ['2026-3-8', '2027-3-14']],
  ['Australia/Sydney', 2, ['2026-10-4', '2027-10-3']],
  ['Europe/London', 1, ['2026-3-29', '2027-3-28']],
  ['Asia/Kolkata', 2, []],
  ['UTC', 2, []],
] as const)('%s at %d:30 is skipped on %j', (zone, hour, expected) => {
  expect(days(zone, hour)).toEqual(expected);
});

test('clocks of Lord Howe Island go forward by half an hour only', () => {
  expect(days('Australia/Lord_Howe', 2, 15)).toEqual(['2026-10-4', '2027-10-3']);
  expect(days('Australia/Lord_Howe', 2, 30)).toEqual([]);
});

import { hasPlaceholder, pathOfInterval } from '../../src/contracts/interval-path.ts';

test.each([
  ['exports/{date}/orders.csv', '2026-03-01', 'exports/2026-03-01/orders.csv'],
  ['{year}/{month}/{day}/*.csv', '2026-03-01', '2026/03/01/*.csv'],
  ['orders=exports/o-{date-1}.csv', '2026-03-01', 'orders=exports/o-2026-02-28.csv'],
  ['{year-366}/{hour}', '2026-03-01T05:00Z', '2025/05'],
  ['{hour}', '2026-03-01', '00'],
  ['{a,b}/{dates}.csv', '2026-03-01', '{a,b}/{dates}.csv'],
])('%s of %s', (path, interval, expected) => {
  expect(pathOfInterval(path, interval)).toBe(expected);
  expect(hasPlaceholder(expected)).toBe(false);
});

/** Paths with the day of the data in them: `exports/{date}/orders.csv` is a file of its own each night. */

const dayMs = 86_400_000;

const placeholder = /\{(date|year|month|day|hour)(-\d{1,4})?\}/g;

/**
 * `{date}` becomes `2026-11-24`, `{year}`, `{month}`, `{day}` and `{hour}` parts of it; `{date-1}` and the like are of so
 * many days before. `interval` is its name, `2026-11-24` or `2026-11-24T05:00Z`; of a day, the hour is 00. Other braces
 * stay as they are: they are alternatives of a pattern.
 */
export function pathOfInterval(path: string, interval: string): string {
  return path.replaceAll(placeholder, (_whole, part: string, before = '') => {
    const atMs =
      Date.parse(`${interval.slice(0, 10)}T${interval.slice(11, 16) || '00:00'}:00Z`) + Number(before) * dayMs;
    const moment = new Date(atMs).toISOString();
    return {
      date: moment.slice(0, 10),
      year: moment.slice(0, 4),
      month: moment.slice(5, 7),
      day: moment.slice(8, 10),
      hour: moment.slice(11, 13),
    }[part]!;
  });
}

export function hasPlaceholder(path: string): boolean {
  return path.search(placeholder) >= 0;
}

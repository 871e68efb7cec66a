/** A schedule of five fields: on which days it asks for a run, and at what time of day where there is one only. */

export type Cron = {
  /** As the service reads it. */
  readonly text: string;
  /** The only time of its days; absent where a day has several. */
  readonly time?: { readonly hour: number; readonly minute: number };
  /** Whether it asks for a run on this day. */
  isOn(day: { readonly year: number; readonly month: number; readonly day: number }): boolean;
};

const words: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const part = /^(\*|[\dA-Z]+)(?:-([\dA-Z]+))?(?:\/(\d+))?$/;

/** A message where it is none. */
export function readCron(given: string): Cron | string {
  const text = words[given.trim()] ?? given.trim().split(/\s+/).join(' ');
  const [minute = '', hour = '', dayOfMonth = '', month = '', weekday = '', ...more] = text.toUpperCase().split(' ');
  const [days, inMonths, onWeekdays] = [
    numbers(dayOfMonth, 1, 31, []),
    numbers(month, 1, 12, months),
    numbers(weekday, 0, 7, weekdays),
  ];
  const isWhole = more.length === 0 && days !== undefined && inMonths !== undefined && onWeekdays !== undefined;
  if (!isWhole || !isField(minute) || !isField(hour))
    return `to have five fields such as "0 2 * * *", found ${JSON.stringify(given)}`;
  const [minutes, hours] = [numbers(minute, 0, 59, []), numbers(hour, 0, 23, [])];
  if (minutes === undefined || hours === undefined) return `to name times within a day, found ${hour}:${minute}`;
  return {
    text,
    ...(minutes.size === 1 && hours.size === 1 ? { time: { hour: [...hours][0]!, minute: [...minutes][0]! } } : {}),
    // All of them, as the service counts it.
    isOn: (date) => {
      const of = new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay();
      return days.has(date.day) && inMonths.has(date.month) && (onWeekdays.has(of) || (of === 0 && onWeekdays.has(7)));
    },
  };
}

function isField(field: string): boolean {
  return field.split(',').every((one) => part.test(one));
}

/** What a field names: a number, a name, a range, a step, or several of these; undefined when that is not there. */
function numbers(field: string, low: number, high: number, names: readonly string[]): Set<number> | undefined {
  const found = new Set<number>();
  for (const one of field.split(',')) {
    const [, from = '', to, step] = part.exec(one) ?? [];
    const first = from === '*' ? low : numberOf(from, low, names);
    const last =
      from === '*' ? high : to === undefined ? (step === undefined ? first : high) : numberOf(to, low, names);
    const by = Number(step ?? 1);
    if (first === undefined || last === undefined || first < low || last > high || first > last || by < 1)
      return undefined;
    for (let value = first; value <= last; value += by) found.add(value);
  }
  return found;
}

function numberOf(word: string, low: number, names: readonly string[]): number | undefined {
  if (/^\d+$/.test(word)) return Number(word);
  const index = names.indexOf(word);
  return index < 0 ? undefined : index + low;
}

/** Periods of time named in a task (`Q4`, `2023`, `March 2024`, `last month`), as conditions on a date column. */
import { ident } from './sql.ts';

export type Period = {
  /** The words of the task, to be quoted. */
  readonly words: string;
  /** Where the words name no year or count back, it is taken from the latest data. */
  readonly isRelative: boolean;
  readonly condition: (column: string, dataset: string) => string;
};

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const monthWord = `(?:${months.map((name) => `${name}|${name.slice(0, 3)}\\.?`).join('|')})`;

/** All periods named, in the order of the words. */
export function periodsIn(task: string): Period[] {
  const found: (Period & { at: number })[] = [];
  let rest = task;
  const take = (
    pattern: RegExp,
    make: (groups: readonly (string | undefined)[]) => Omit<Period, 'words'> | undefined,
  ) => {
    for (const match of rest.matchAll(pattern)) {
      const period = make(match);
      if (period === undefined) continue;
      const [words] = match;
      found.push({ ...period, words: words.trim(), at: match.index });
      rest = rest.slice(0, match.index) + ' '.repeat(words.length) + rest.slice(match.index + words.length);
    }
  };
  take(/\b(20\d\d|19\d\d)[-/ ]?q([1-4])\b/gi, ([, year, quarter]) => part('quarter', Number(quarter), year));
  take(/\bq([1-4])(?:[ /-]?(?:of )?'?(20\d\d|19\d\d))?\b/gi, ([, quarter, year]) =>
    part('quarter', Number(quarter), year),
  );
  take(/\b(first|second|third|fourth|last) quarter of (20\d\d|19\d\d)\b/gi, ([, word, year]) =>
    part('quarter', ordinal(word!), year),
  );
  take(/\b(20\d\d|19\d\d)-(0[1-9]|1[0-2])\b(?!-)/g, ([, year, month]) => part('month', Number(month), year));
  take(new RegExp(`\\b(${monthWord}),? (20\\d\\d|19\\d\\d)\\b`, 'gi'), ([, word, year]) =>
    part('month', monthNumber(word!), year),
  );
  // A month without a year needs a word before it: "may" and "march" are verbs, too.
  take(
    new RegExp(`\\b(?:in|of|for|during|since|and|vs\\.?|versus|between|compare|with|to) (${monthWord})\\b`, 'gi'),
    ([, word]) => part('month', monthNumber(word!), undefined),
  );
  take(/\b(?:last|latest|past|this|current) (month|quarter|year|week)\b/gi, ([, unit]) => back(unit!.toLowerCase(), 0));
  take(/\b(?:previous|prior) (month|quarter|year|week)\b/gi, ([, unit]) => back(unit!.toLowerCase(), 1));
  take(/\b(20\d\d|19\d\d)\b/g, ([, year]) => ({
    isRelative: false,
    condition: (column) => `year(${ident(column)}) = ${year!}`,
  }));
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ words, isRelative, condition }) => ({ words, isRelative, condition }));
}

function part(unit: 'quarter' | 'month', value: number, year: string | undefined): Omit<Period, 'words'> | undefined {
  if (value === 0) return undefined;
  return {
    isRelative: year === undefined,
    condition: (column, dataset) => {
      const c = ident(column);
      const latest = year ?? `(SELECT max(year(${c})) FROM ${ident(dataset)} WHERE ${unit}(${c}) = ${value})`;
      return `${unit}(${c}) = ${value} AND year(${c}) = ${latest}`;
    },
  };
}

function back(unit: string, steps: number): Omit<Period, 'words'> {
  return {
    isRelative: true,
    condition: (column, dataset) => {
      const c = ident(column);
      return `date_trunc('${unit}', ${c}) = (SELECT date_trunc('${unit}', max(${c})) FROM ${ident(dataset)}) - INTERVAL '${steps} ${unit}'`;
    },
  };
}

function monthNumber(word: string): number {
  return months.findIndex((name) => name.startsWith(word.toLowerCase().replace('.', '').slice(0, 3))) + 1;
}

function ordinal(word: string): number {
  return { first: 1, second: 2, third: 3 }[word.toLowerCase()] ?? 4;
}

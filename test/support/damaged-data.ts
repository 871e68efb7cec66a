/** Tables made up with known damage, for checking that no proposal is written for one data set: each kind of damage stands in other columns. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from './faults/random.ts';

type Row = (string | number)[];
export type Damaged = {
  readonly header: readonly string[];
  readonly clean: readonly Row[];
  readonly dirty: readonly Row[];
};

class Dice {
  readonly next: () => number;
  constructor(seed: number) {
    this.next = seededRandom(seed);
  }
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
  /** One letter put in, taken out or changed. */
  slip(text: string): string {
    const at = this.below(text.length);
    const letter = String.fromCharCode(97 + this.below(26));
    const how = this.below(3);
    if (how === 0) return text.slice(0, at) + letter + text.slice(at + 1);
    return how === 1 ? text.slice(0, at) + letter + text.slice(at) : text.slice(0, at) + text.slice(at + 1);
  }
}

const places = ['Spring', 'Oak', 'River', 'Lake', 'Maple', 'Green', 'Fair'].flatMap((first) =>
  ['field', 'ton', 'view', 'wood', 'dale', 'ford'].map((last, index) => ({
    city: `${first}${last}`,
    state: ['OH', 'TX', 'NY', 'CA', 'FL', 'WA'][index]!,
  })),
);
const postcodes = Array.from({ length: 126 }, (_, index) => ({
  code: String(10_000 + index * 411),
  ...places[index % places.length]!,
}));

/** Dependencies, formats, units, placeholders, far-off numbers, slips. */
export function customers(rows = 2_000): Damaged {
  const dice = new Dice(7);
  const header = ['customer', 'email', 'phone', 'city', 'state', 'postcode', 'plan', 'signup', 'age', 'income'];
  return damaged(header, rows, dice, (index) => {
    const { code, city, state } = dice.of(postcodes);
    const phone = `${200 + dice.below(800)}-${100 + dice.below(900)}-${1000 + dice.below(9000)}`;
    const signup = new Date(Date.UTC(2021, 0, 1 + dice.below(900))).toISOString().slice(0, 10);
    const income = 20_000 + 500 * dice.below(260);
    const plan = dice.of(['free', 'basic', 'premium', 'enterprise']);
    return [
      [1_000 + index],
      [`person${index}@mail.com`, 0.03, (value) => value.replace('@', ' at ')],
      [phone, 0.05, (value) => value.replaceAll('-', '.')],
      [city, 0.04, (value) => (dice.next() < 0.4 ? '' : dice.slip(value))],
      [state, 0.02, () => dice.of(places.filter((place) => place.state !== state)).state],
      [code],
      [plan, 0.03, (value) => dice.slip(value)],
      [signup, 0.04, (value) => `${value.slice(8)}/${value.slice(5, 7)}/${value.slice(0, 4)}`],
      [18 + dice.below(70), 0.02, (value) => `${dice.of([-1, 999, Number(value) + 300])}`],
      [income, 0.05, (value) => dice.of([`$${value}`, 'N/A', `${Number(value) / 1_000}k`])],
    ];
  });
}

/** Two ways to write a length, two to write a rating, case, and a sign for nothing. */
export function films(rows = 2_000): Damaged {
  const dice = new Dice(11);
  const header = ['film', 'year', 'rating', 'duration', 'language', 'country'];
  return damaged(header, rows, dice, (index) => [
    [`tt${1_000_000 + index}`],
    [1_950 + dice.below(70), 0.03, (value) => dice.of([`(${value})`, value.slice(2)])],
    [(2 + dice.below(75) / 10).toFixed(1), 0.05, (value) => `${value}/10`],
    [`${70 + dice.below(110)} min`, 0.08, (value) => value.replace(' min', dice.of(['', 'm', ' minutes']))],
    [dice.of(['English', 'English', 'English', 'French', 'German', 'Spanish']), 0.04, (value) => value.toUpperCase()],
    [dice.of(['USA', 'USA', 'UK', 'France', 'Germany']), 0.03, () => '-'],
  ]);
}

/** Many tell the same story, most of them right: the majority of a flight's rows. */
export function flights(rows = 2_000): Damaged {
  const dice = new Dice(13);
  const clock = (minute: number) =>
    `${(Math.floor(minute / 60) % 12) + 1}:${String(minute % 60).padStart(2, '0')} ${minute % 1_440 < 720 ? 'a.m.' : 'p.m.'}`;
  const known = Array.from({ length: rows / 20 }, (_, index) => {
    const leaves = dice.below(1_440);
    return {
      flight: `${dice.of(['AA', 'UA', 'CO'])}-${index}-${dice.of(['JFK-SFO', 'ORD-MIA'])}`,
      leaves,
      lands: leaves + 60 + dice.below(300),
    };
  });
  const other = (value: string) => {
    const how = dice.next();
    if (how < 0.4) return '';
    return how < 0.6 ? `Dec 1, ${value}` : clock(dice.below(1_440));
  };
  return damaged(['row', 'source', 'flight', 'leaves', 'lands'], rows, dice, (index) => {
    const { flight, leaves, lands } = known[index % known.length]!;
    return [
      [index],
      [dice.of(['a.com', 'b.com', 'c.com', 'd.com'])],
      [flight],
      [clock(leaves), 0.25, other],
      [clock(lands % 1_440), 0.25, other],
    ];
  });
}

const journalWords = ['Acta', 'Annals of', 'Journal of', 'Review of', 'Letters in'].flatMap((kind) =>
  ['Botany', 'Optics', 'Law', 'Geology', 'Surgery', 'Statistics', 'Music', 'Ethics'].map((field) => `${kind} ${field}`),
);

/** Articles: names and numbers of journals that belong together, dates in two orders, words in the wrong case or column. */
export function articles(rows = 2_000): Damaged {
  const dice = new Dice(17);
  const journals = journalWords.map((title, index) => ({
    title,
    issn: `${1_000 + index * 37}-${2_000 + index * 91}`,
    short: title.replaceAll(/(\p{Lu}\p{L}{2})\p{L}+/gu, '$1'),
  }));
  const header = ['article', 'journal', 'issn', 'short', 'pages', 'created', 'language'];
  return damaged(header, rows, dice, (index) => {
    const { title, issn, short } = dice.of(journals);
    const from = 1 + dice.below(900);
    const created = `${1 + dice.below(12)}/${1 + dice.below(28)}/${dice.of(['14', '15', '16'])}`;
    return [
      [index],
      [title, 0.03, (value) => dice.of([dice.slip(value), value.toUpperCase()])],
      [issn, 0.05, (value) => dice.of([value.replace('-', ''), ''])],
      [short, 0.03, (value) => dice.slip(value)],
      [`${from}-${from + 1 + dice.below(30)}`, 0.04, (value) => value.replace('-', ' to ')],
      [created, 0.05, (value) => value.split('/').toReversed().join('-')],
      [dice.of(['eng', 'eng', 'eng', 'fre', 'ger', 'ita']), 0.04, (value) => ({ eng: 'English' })[value] ?? 'unknown'],
    ];
  });
}

/** Measurements: a number for nothing, another unit, a sign that got lost, codes with a blank or a letter too much. */
export function weather(rows = 3_000): Damaged {
  const dice = new Dice(19);
  const header = ['reading', 'station', 'altitude', 'celsius', 'humidity', 'wind', 'checked'];
  return damaged(header, rows, dice, (index) => {
    const station = dice.below(40);
    const celsius = (8 + 10 * (dice.next() + dice.next() + dice.next() - 1.5)).toFixed(1);
    return [
      [index],
      [`ST-${String(station).padStart(3, '0')}`, 0.03, (value) => dice.of([value.replace('-', ''), `${value}x`])],
      [120 + station * 37, 0.03, (value) => String(Number(value) + 1 + dice.below(20))],
      [celsius, 0.04, (value) => dice.of(['-9999', `${value} C`, String(Number(value) * 100)])],
      [30 + dice.below(65), 0.03, (value) => dice.of([`${value}%`, '-1', '999'])],
      [dice.of(['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW']), 0.03, (value) => dice.of(['?', value.toLowerCase()])],
      [dice.of(['yes', 'no']), 0.03, (value) => dice.of(['y', '1', value.toUpperCase()])],
    ];
  });
}

/** A value, and with which chance it is damaged, and how. */
type Made = [value: string | number, chance?: number, damage?: (value: string) => string];

function damaged(header: string[], rows: number, dice: Dice, make: (index: number) => Made[]): Damaged {
  const clean: Row[] = [];
  const dirty: Row[] = [];
  for (let index = 0; index < rows; index++) {
    const made = make(index);
    clean.push(made.map(([value]) => value));
    dirty.push(
      made.map(([value, chance = 0, damage]) => (dice.next() < chance && damage ? damage(String(value)) : value)),
    );
  }
  return { header, clean, dirty };
}

/** Writes both twins; gives their paths. */
export async function writeTwins(
  folder: string,
  { header, clean, dirty }: Damaged,
): Promise<{ dirty: string; clean: string }> {
  const paths = { dirty: join(folder, 'dirty.csv'), clean: join(folder, 'clean.csv') };
  const lines = (rows: readonly Row[]) => [header, ...rows].map((row) => row.map(quoted).join(',')).join('\n');
  await writeFile(paths.dirty, `${lines(dirty)}\n`);
  await writeFile(paths.clean, `${lines(clean)}\n`);
  return paths;
}

function quoted(value: string | number): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

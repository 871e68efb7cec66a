/** Finds columns that determine others: rows equal in one nearly always agree on the other, and what disagrees looks like slips. */
import type { Ask } from '../ask.ts';
import { confidence, counted, ownRule, percent, type Suggestion } from './suggestion.ts';
import { rankedPairs } from './ranked-pairs.ts';
import { rowsOf, type ColumnStudy, type Study } from './study.ts';

/** Columns tried as determinants and dependents: work grows with the square. */
const MAX_COLUMNS = 40;
const FEW_ROWS = 50;
/** A determinant of fewer values is a category; of larger ones than this share of the rows, a key. */
const MIN_VALUES = 5;
const ROWS_PER_VALUE = 1.5;
/** Rows that have others in their group, of all. */
const SUPPORT = 0.3;
/** Rows that disagree with their group, at most. */
const MAX_DISAGREEING = 0.1;
/** Of them, those that hold a value which other groups are right to have. */
const MAX_STRANGERS = 0.015;
/** A group with a strong second opinion is no slip. */
const MAX_SPLIT = 0.05;
/** Groups so large that slips stand alone in them; then more may disagree, with nobody seconding. */
const LARGE_GROUP = 10;
const MAX_STRANGERS_OF_LARGE = 0.05;
const MAX_SPLIT_OF_LARGE = 0.01;
/** In large groups a clear majority may be right against a scattered rest. */
const MAX_SCATTERED_DISAGREEING = 0.4;
const MIN_SCATTERED = 0.6;
/** Against always guessing the most frequent value. */
const MAX_OF_BASELINE = 0.6;
/** Determinants proposed for one column. */
const MAX_PER_COLUMN = 3;

export interface Dependency {
  readonly determinant: readonly string[];
  readonly column: string;
  /** Rows with others in their group; the counts below are of these. */
  readonly support: number;
  readonly groups: number;
  readonly disagreeing: number;
  /** Disagreeing with a value that no group agrees on. */
  readonly unheard: number;
  /** Rows of groups where two values are both frequent. */
  readonly split: number;
  /** Different values that disagree, counted in each group. */
  readonly voices: number;
}

export async function findDependencies(ask: Ask, study: Study): Promise<Dependency[]> {
  if (study.rows < FEW_ROWS) return [];
  const dependents = study.columns
    .filter((column) => column.distinct >= 2 && column.filled >= FEW_ROWS)
    .slice(0, MAX_COLUMNS);
  const determinants = dependents.filter(
    (column) => column.distinct >= MIN_VALUES && column.distinct * ROWS_PER_VALUE <= column.filled,
  );
  const found: Dependency[] = [];
  for (const determinant of determinants) {
    const others = dependents.filter(({ name }) => name !== determinant.name);
    const pairs = others.map(({ name }): Candidate => ({ determinant: [determinant.name], column: name }));
    found.push(...(await tried(ask, study, pairs)));
  }
  const chosen: Dependency[] = [];
  for (const column of dependents) {
    const own = found.filter(
      (dependency) => dependency.column === column.name && isBelieved(dependency, column, study),
    );
    const best = own.toSorted(byWorth).slice(0, MAX_PER_COLUMN);
    for (const dependency of best) chosen.push(await refined(ask, study, dependency, dependents));
    if (best.length === 0) chosen.push(...(await ofPairs(ask, study, column, dependents)));
  }
  return chosen;
}

function isBelieved(dependency: Dependency, column: ColumnStudy, study: Study): boolean {
  const { support, groups, disagreeing, unheard, split } = dependency;
  if (support < Math.max(FEW_ROWS / 2, study.rows * SUPPORT) || groups < MIN_VALUES) return false;
  const most = column.values[0]?.count ?? 0;
  const baseline = ((column.filled - most) / column.filled) * support;
  if (isScattered(dependency, baseline)) return true;
  if (disagreeing > support * MAX_DISAGREEING || split > support * MAX_SPLIT) return false;
  const isLarge = support >= groups * LARGE_GROUP && split <= support * MAX_SPLIT_OF_LARGE;
  if (disagreeing - unheard > support * (isLarge ? MAX_STRANGERS_OF_LARGE : MAX_STRANGERS)) return false;
  // Where nearly all rows have one value, agreement says little; what disagrees must then be unheard of.
  return disagreeing <= baseline * MAX_OF_BASELINE || (disagreeing > 0 && unheard >= disagreeing * 0.9);
}

/** Many disagree, but each in another way. */
function isScattered({ support, groups, disagreeing, split, voices }: Dependency, baseline: number): boolean {
  return (
    support >= groups * LARGE_GROUP &&
    split <= support * MAX_SPLIT &&
    disagreeing <= support * MAX_SCATTERED_DISAGREEING &&
    disagreeing <= baseline * MAX_OF_BASELINE &&
    voices >= disagreeing * MIN_SCATTERED
  );
}

/** Rows it speaks of, less those that speak against it. */
function byWorth(a: Dependency, b: Dependency): number {
  const worth = ({ support, disagreeing }: Dependency) => support - 3 * disagreeing;
  return worth(b) - worth(a) || (a.determinant.join() < b.determinant.join() ? -1 : 1);
}

/** Disagreement that a further column explains: both together determine. */
const REFINED_DISAGREEING = 0.7;
const REFINED_SUPPORT = 0.9;
const WORTH_REFINING = 0.01;

async function refined(
  ask: Ask,
  study: Study,
  dependency: Dependency,
  columns: readonly ColumnStudy[],
): Promise<Dependency> {
  if (dependency.disagreeing < dependency.support * WORTH_REFINING) return dependency;
  const [determinant = ''] = dependency.determinant;
  const others = columns.filter(
    ({ name, distinct }) => name !== determinant && name !== dependency.column && distinct <= study.rows / 20,
  );
  const candidates = others.map(({ name }): Candidate => ({
    determinant: [determinant, name],
    column: dependency.column,
  }));
  const rate = (one: Dependency) => one.disagreeing / one.support;
  let best = dependency;
  for (const both of await tried(ask, study, candidates)) {
    if (both.support < dependency.support * REFINED_SUPPORT) continue;
    if (rate(both) < rate(dependency) * REFINED_DISAGREEING && rate(both) < rate(best)) best = both;
  }
  return best;
}

/** Categories whose pairs are tried where no single column determines. */
const MAX_CATEGORY_VALUES = 60;
const MAX_PAIRS = 45;
const ROWS_PER_PAIR = 10;

async function ofPairs(
  ask: Ask,
  study: Study,
  column: ColumnStudy,
  columns: readonly ColumnStudy[],
): Promise<Dependency[]> {
  if (column.distinct * ROWS_PER_PAIR > study.rows) return [];
  const categories = columns.filter(({ name, distinct }) => name !== column.name && distinct <= MAX_CATEGORY_VALUES);
  const pairs = categories
    .flatMap((a, index) => categories.slice(index + 1).map((b) => [a, b] as const))
    .filter(([a, b]) => a.distinct * b.distinct * ROWS_PER_PAIR <= study.rows)
    .slice(0, MAX_PAIRS);
  const candidates = pairs.map(([a, b]): Candidate => ({ determinant: [a.name, b.name], column: column.name }));
  const found = await tried(ask, study, candidates);
  return found
    .filter((dependency) => isBelieved(dependency, column, study) && isInformative(dependency, column))
    .toSorted(byWorth)
    .slice(0, 1);
}

/** Two categories agree by chance with a third that hardly varies. */
function isInformative({ disagreeing, support }: Dependency, column: ColumnStudy): boolean {
  const most = column.values[0]?.count ?? 0;
  return disagreeing <= (1 - most / column.filled) * support * 0.2;
}

type Candidate = Pick<Dependency, 'determinant' | 'column'>;

const CANDIDATES_PER_STATEMENT = 20;

/** In the order of the candidates; those without a row to speak of are left out. */
async function tried(ask: Ask, study: Study, candidates: readonly Candidate[]): Promise<Dependency[]> {
  const found: Dependency[] = [];
  for (let first = 0; first < candidates.length; first += CANDIDATES_PER_STATEMENT) {
    const part = candidates.slice(first, first + CANDIDATES_PER_STATEMENT);
    const statement = part.map((candidate, index) => tallyOf(study, candidate, index)).join(' UNION ALL ');
    const rows = await rowsOf(ask, `${statement} ORDER BY place`, part.length);
    for (const [place, ...numbers] of rows) {
      const [support = 0, groups = 0, disagreeing = 0, unheard = 0, split = 0, voices = 0] = numbers.map(Number);
      if (support > 0) found.push({ ...part[Number(place)]!, support, groups, disagreeing, unheard, split, voices });
    }
  }
  return found;
}

function tallyOf(study: Study, { determinant, column }: Candidate, place: number): string {
  return (
    `(${rankedPairs(study, determinant, column)}, ` +
    `kings AS (SELECT DISTINCT v FROM ranked WHERE place = 1 AND size >= 2) ` +
    `SELECT ${place} AS place, coalesce(sum(n), 0), count(*) FILTER (WHERE place = 1), ` +
    `coalesce(sum(n) FILTER (WHERE place > 1), 0), ` +
    `coalesce(sum(n) FILTER (WHERE place > 1 AND v NOT IN (SELECT v FROM kings)), 0), ` +
    `coalesce(sum(size) FILTER (WHERE place = 2 AND n >= 3 AND n >= 0.3 * most), 0), count(*) FILTER (WHERE place > 1) ` +
    `FROM ranked WHERE size >= 2)`
  );
}

const MAX_UNHEARD = 1_000;

/** Values that stand against their group wherever they stand, and that no group agrees on. */
export async function unheardValues(ask: Ask, study: Study, { determinant, column }: Dependency): Promise<Set<string>> {
  const statement =
    `${rankedPairs(study, determinant, column)} SELECT v FROM ranked WHERE size >= 2 ` +
    `GROUP BY v HAVING min(place) > 1 ORDER BY v LIMIT ${MAX_UNHEARD}`;
  const rows = await rowsOf(ask, statement, MAX_UNHEARD);
  return new Set(rows.map(([value]) => String(value)));
}

export function suggestDependency({ determinant, column, support, groups, disagreeing }: Dependency): Suggestion {
  const from = determinant.join(' and ');
  return {
    column,
    proposal: ownRule(`${determinant.join(' and ')} ${determinant.length > 1 ? 'determine' : 'determines'} ${column}`, {
      check: 'functionalDependency',
      determinant,
      column,
    }),
    evidence: `in ${counted(groups)} groups of equal ${from}, ${percent(support - disagreeing, support)} of ${counted(support)} rows agree on ${column}`,
    confidence: confidence(support - disagreeing, support),
  };
}

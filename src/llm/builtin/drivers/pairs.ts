/** Mixed-up causes: does a driver still make a difference among those who are alike in another one? */
import { cellAt, numberAt, type Table } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import type { Reply } from '../script.ts';
import { literal } from '../sql.ts';
import { baseSql, levelSql, quantilesSql } from './base-sql.ts';
import type { Entity } from './entity.ts';
import type { Driver } from './levels.ts';
import { criticalChiSquare, familyWiseError } from './statistics.ts';

export type Explanation = {
  readonly driver: Driver;
  /** What explains it: a stronger driver, or when things began. */
  readonly by: Driver | 'start';
  /** `same`: each explains the other, they carry one piece of information. */
  readonly kind: 'explained' | 'same' | 'weakened';
  readonly reply: Reply;
  readonly row: number;
};

/** What is left of an effect, within the levels of the other, when the other explains it; and when it explains a part. */
const explainedBelow = 0.35;
const weakenedBelow = 0.65;
/** Two drivers that explain each other are one when their effects are alike by this factor. */
const alike = 1.15;

/** For each ordered pair that shrinks: the effect left, the plain difference and the one within the levels of the other. */
export function pairsSql(entity: Entity, drivers: readonly Driver[]): string {
  const variables = drivers.map(({ variable }) => variable);
  const levels = variables.map((variable) => levelSql(variable, variable.id, `q${variable.id}`));
  const start = entity.time.kind === 'span' ? [`(year(s) * 4 + quarter(s))::VARCHAR`] : [];
  const pairs = drivers.flatMap(({ high, low }, b) =>
    [...drivers.keys(), ...start.map(() => drivers.length)]
      .filter((a) => a !== b)
      .map((a) => `(${a + 1}, ${b + 1}, ${literal(high.bin)}, ${literal(low.bin)})`),
  );
  return `${baseSql(entity, variables)},
${quantilesSql(variables)},
cut AS (SELECT [${[...levels, ...start].join(', ')}] AS l, y FROM base, q),
cells AS (SELECT a, b, any_value(hi) AS hi, any_value(lo) AS lo, l[a] AS la, l[b] AS lb, count(*) AS n, sum(y)::DOUBLE AS k
  FROM cut, (VALUES ${pairs.join(', ')}) AS pairs(a, b, hi, lo) WHERE l[a] IS NOT NULL AND l[b] IS NOT NULL GROUP BY a, b, la, lb),
strata AS (SELECT *, sum(n) OVER s AS ns, sum(k) OVER s / sum(n) OVER s AS p, sum(n) OVER m AS nm, sum(k) OVER m AS km,
  sum(n) OVER w AS nw, sum(k) OVER w / sum(n) OVER w AS pw FROM cells
  WINDOW s AS (PARTITION BY a, b, la), m AS (PARTITION BY a, b, lb), w AS (PARTITION BY a, b)),
within AS (SELECT a, b, sum((k - n * p) ** 2 / (n * p * (1 - p))) AS chi, count(*) - count(DISTINCT la) AS df
  FROM strata WHERE p > 0 AND p < 1 GROUP BY a, b),
plain AS (SELECT a, b, sum((km - nm * pw) ** 2 / (nm * pw * (1 - pw))) AS chi, count(*) - 1 AS df,
  sum(km / nm) FILTER (lb = hi) - sum(km / nm) FILTER (lb = lo) AS difference
  FROM (SELECT DISTINCT a, b, lb, hi, lo, nm, km, pw FROM strata) GROUP BY a, b),
sides AS (SELECT a, b, la, sum(n) FILTER (lb = hi) AS n1, sum(k) FILTER (lb = hi) AS k1, sum(n) FILTER (lb = lo) AS n0, sum(k) FILTER (lb = lo) AS k0
  FROM cells GROUP BY a, b, la),
held AS (SELECT a, b, sum(n1 * n0 / (n1 + n0)) AS w, sum(n1 * n0 / (n1 + n0) * (k1 / n1 - k0 / n0)) / w AS d,
  sqrt(sum((n1 * n0 / (n1 + n0)) ** 2 * (k1 * (n1 - k1) / n1 ** 3 + k0 * (n0 - k0) / n0 ** 3))) / w AS e
  FROM sides WHERE n1 > 0 AND n0 > 0 GROUP BY a, b)
SELECT a, b, round(sqrt(greatest(0, within.chi - within.df) / greatest(1e-9, plain.chi - plain.df)), 4) AS effect_left, round(within.chi, 4) AS chi_left, within.df AS df_left,
  round(plain.difference, 6) AS plain_difference, round(d, 6) AS held_difference, round(d - 1.96 * e, 6) AS held_low, round(d + 1.96 * e, 6) AS held_high
FROM within JOIN plain USING (a, b) LEFT JOIN held USING (a, b) WHERE effect_left < ${weakenedBelow} ORDER BY a, b`;
}

/** What the pair query says of one ordered pair. */
type Shrink = {
  readonly row: number;
  readonly left: number;
  /** Whether what is left could be chance. */
  readonly chance: boolean;
  /** Whether the difference itself got small; undefined when no rows are alike in one and different in the other. */
  readonly smaller: boolean | undefined;
};

/** Which drivers are explained by others, each by the strongest that does; drivers come strongest first. */
export function explanationsOf(drivers: readonly Driver[], reply: Reply | undefined): Explanation[] {
  const table = reply && tableOf(reply);
  if (reply === undefined || table === undefined) return [];
  const shrinks = shrinksOf(table);
  const at = (a: number, b: number): Shrink | undefined => shrinks.get(`${a + 1} ${b + 1}`);
  const explains = (a: number, b: number): boolean => isExplanation(at(a, b));
  const found: Explanation[] = [];
  const gone = new Set<number>();
  const note = (b: number, by: Driver | 'start', kind: Explanation['kind'], row: number): void => {
    if (kind !== 'weakened') gone.add(b);
    found.push({ driver: drivers[b]!, by, kind, reply, row });
  };
  for (const b of drivers.keys()) {
    const start = at(drivers.length, b);
    if (start?.smaller === true && isExplanation(start)) note(b, 'start', 'explained', start.row);
  }
  const order = [...drivers.keys()]
    .flatMap((a) => [...drivers.keys()].map((b) => ({ a, b })))
    .filter(({ a, b }) => a !== b);
  for (const { a, b } of order) {
    const here = at(a, b);
    if (here === undefined || !explains(a, b) || gone.has(a) || gone.has(b)) continue;
    const mutual = explains(b, a);
    if (mutual && prefers(drivers[b]!, drivers[a]!)) continue;
    if (mutual || here.smaller !== false)
      note(b, drivers[a]!, mutual || here.smaller === undefined ? 'same' : 'explained', here.row);
  }
  for (const { a, b } of order) {
    const here = at(a, b);
    const known = found.some(({ driver }) => driver === drivers[b]);
    if (a < b && here?.smaller !== undefined && !known && !gone.has(a)) note(b, drivers[a]!, 'weakened', here.row);
  }
  return found;
}

/** Little is left of the effect, or clearly less than before and no more than chance explains. */
function isExplanation(shrink: Shrink | undefined): boolean {
  return shrink !== undefined && (shrink.left < explainedBelow || shrink.chance);
}

function shrinksOf(table: Table): Map<string, Shrink> {
  return new Map(
    [...table.rows.keys()].map((row) => {
      const held = numberAt(table, row, 'held_difference');
      const plain = numberAt(table, row, 'plain_difference') ?? 0;
      const smaller = held === undefined ? undefined : Math.abs(held) < 0.5 * Math.abs(plain);
      const left = numberAt(table, row, 'effect_left') ?? 1;
      const degrees = numberAt(table, row, 'df_left') ?? 0;
      const chance =
        degrees < 1 || (numberAt(table, row, 'chi_left') ?? 0) < criticalChiSquare(degrees, familyWiseError);
      return [`${String(cellAt(table, row, 'a'))} ${String(cellAt(table, row, 'b'))}`, { row, left, chance, smaller }];
    }),
  );
}

/** Of two that say the same, a named group is easier to act on than a number cut into bins; else the stronger one stays. */
function prefers(candidate: Driver, other: Driver): boolean {
  if (candidate.effect * alike < other.effect) return false;
  if (other.effect * alike < candidate.effect) return true;
  const [a, b] = [candidate.variable.kind === 'category', other.variable.kind === 'category'];
  return a === b ? candidate.effect > other.effect : a;
}

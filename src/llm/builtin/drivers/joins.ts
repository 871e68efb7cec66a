/** How datasets hang together: candidate keys by name, checked by how many values one side finds in the other. */
import { queryCall } from '../query-call.ts';
import { numberAt } from '../../../analysis/table.ts';
import { tableOf, type Catalog } from '../catalog.ts';
import type { Ask, Reply } from '../script.ts';
import { ident, literal } from '../sql.ts';
import type { ColumnShape, DatasetShape } from './shape.ts';
import { namesAnId, normalized, tokens } from './words.ts';

/** One side of a join, with what the check query found. */
export type Side = { readonly dataset: string; readonly column: string; readonly rows: number; readonly keys: number };

export type Join = {
  readonly a: Side;
  readonly b: Side;
  /** Keys that occur on both sides. */
  readonly matched: number;
  readonly castNeeded: boolean;
};

type Pair = { readonly a: ColumnShape; readonly b: ColumnShape; readonly byName: boolean };

/** Pairs checked in the one query: more would make it slower than the analysis. */
const maxPairs = 12;
/** Share of the keys of one side that must be found on the other. */
const minContained = 0.5;
/** A side may have a few rows more than keys and still count as unique: duplicates are dirt, not children. */
const nearlyUnique = 1.05;
/** A key shared by name alone has at least so many values, or one row per value; fewer are groups, not keys. */
const fewestTextKeys = 20;

export function* findJoins(
  catalog: Catalog,
  shapes: readonly DatasetShape[],
  ask: Omit<Ask, 'calls'>,
): Generator<Ask, Join[], readonly Reply[]> {
  const pairs = candidatePairs(shapes);
  if (pairs.length === 0) return [];
  const [reply] = yield {
    ...ask,
    calls: [queryCall(catalog.tools, 'which keys of one dataset are found in another', containmentSql(pairs))],
  };
  const table = reply && tableOf(reply);
  if (table === undefined) return [];
  const joins = table.rows.flatMap((_, row): Join[] => {
    const number = (name: string): number => numberAt(table, row, name) ?? 0;
    const pair = pairs[number('pair')];
    if (pair === undefined) return [];
    const side = ({ dataset, name }: ColumnShape, rows: string, keys: string): Side => ({
      dataset,
      column: name,
      rows: number(rows),
      keys: number(keys),
    });
    const a = side(pair.a, 'a_rows', 'a_keys');
    const b = side(pair.b, 'b_rows', 'b_keys');
    const matched = number('matched');
    const contained = Math.max(matched / Math.max(1, a.keys), matched / Math.max(1, b.keys));
    return contained >= minContained && matched > 1 ? [{ a, b, matched, castNeeded: pair.a.type !== pair.b.type }] : [];
  });
  return bestPerDatasets(joins);
}

export function isUnique(side: Side): boolean {
  return side.keys > 0 && side.rows <= side.keys * nearlyUnique;
}

function candidatePairs(shapes: readonly DatasetShape[]): Pair[] {
  const pairs = shapes.flatMap((first, i) =>
    shapes.slice(i + 1).flatMap((second) => {
      const all = first.columns.flatMap((a) =>
        second.columns
          .map((b) => ({ a, b }))
          .filter(({ b }) => a.reads === b.reads && a.distinct > 1 && b.distinct > 1),
      );
      const byName = all.filter(({ a, b }) => namesMatch(a, first, b, second));
      if (byName.length > 0) return byName.map((pair) => ({ ...pair, byName: true }));
      // Without a common name only texts are tried: counters overlap everywhere and prove nothing.
      return all
        .filter(({ a, b }) => a.reads === 'text' && Math.min(a.distinct, b.distinct) >= fewestTextKeys)
        .filter(({ a, b }) => oneSideUnique(a, b) && sharesToken(a.name, b.name))
        .map((pair) => ({ ...pair, byName: false }));
    }),
  );
  return pairs.slice(0, maxPairs);
}

function namesMatch(a: ColumnShape, first: DatasetShape, b: ColumnShape, second: DatasetShape): boolean {
  if (a.reads === 'date' || a.reads === 'boolean') return false;
  const left = normalized(a.name);
  const right = normalized(b.name);
  const same = left === right || left === normalized(second.name) + right || right === normalized(first.name) + left;
  if (!same && !namesEntity(a, second, b) && !namesEntity(b, first, a)) return false;
  if (left === 'id' && right === 'id') return oneSideUnique(a, b) && sharesToken(first.name, second.name);
  return namesAnId(a.name) || namesAnId(b.name) || (oneSideUnique(a, b) && !isDescriptive(a) && !isDescriptive(b));
}

/** `plan` refers to the dataset `plans`, whose key is `id`, `plan_id` or `name`. */
function namesEntity(reference: ColumnShape, target: DatasetShape, key: ColumnShape): boolean {
  const name = normalized(reference.name).replace(/id$/, '');
  const entity = normalized(target.name);
  const keyName = normalized(key.name);
  return (
    name !== '' &&
    name === entity &&
    ['id', 'code', 'key', 'name', `${entity}id`, `${entity}code`, `${entity}name`].includes(keyName)
  );
}

function isDescriptive(column: ColumnShape): boolean {
  return (
    column.reads === 'number' ||
    column.distinct < fewestTextKeys ||
    /^(status|type|name|description|comment)$/i.test(column.name)
  );
}

function oneSideUnique(a: ColumnShape, b: ColumnShape): boolean {
  return [a, b].some(({ distinct, filled }) => distinct * nearlyUnique >= filled);
}

function sharesToken(a: string, b: string): boolean {
  const words = new Set(tokens(a).map((token) => normalized(token)));
  return tokens(b).some((token) => words.has(normalized(token)) && !/^(id|name|no|code)$/.test(token));
}

function containmentSql(pairs: readonly Pair[]): string {
  const rows = pairs.map(({ a, b }, i) => {
    const cast = a.type === b.type ? '' : '::VARCHAR';
    return `SELECT ${i} AS pair, ${literal(`${a.dataset} ${b.dataset}`)} AS datasets, coalesce(sum(a.n), 0)::BIGINT AS a_rows, count(a.k) AS a_keys,
 coalesce(sum(b.n), 0)::BIGINT AS b_rows, count(b.k) AS b_keys, count(*) FILTER (a.k IS NOT NULL AND b.k IS NOT NULL) AS matched
FROM ${keysSql(a, cast)} AS a FULL JOIN ${keysSql(b, cast)} AS b ON a.k = b.k`;
  });
  return `${rows.join('\nUNION ALL ')}\nORDER BY pair`;
}

function keysSql({ dataset, name }: ColumnShape, cast: string): string {
  return `(SELECT ${ident(name)}${cast} AS k, count(*) AS n FROM ${ident(dataset)} WHERE ${ident(name)} IS NOT NULL GROUP BY 1)`;
}

/** Between two datasets the join that finds most keys. */
function bestPerDatasets(joins: readonly Join[]): Join[] {
  const best = new Map<string, Join>();
  for (const join of joins) {
    const key = `${join.a.dataset}\n${join.b.dataset}`;
    const known = best.get(key);
    if (known === undefined || join.matched > known.matched) best.set(key, join);
  }
  return [...best.values()];
}

/** The thing the outcome happens to: its key, its dates, what is looked up for it, and what belongs to it. */
import { isUnique, type Join, type Side } from './joins.ts';
import type { Outcome } from './outcome.ts';
import type { ColumnShape, DatasetShape } from './shape.ts';
import { namesAnId, soundsLikeStart } from './words.ts';

/** A dataset with at most one row per entity. */
export type Parent = {
  readonly alias: string;
  readonly shape: DatasetShape;
  readonly key: string;
  readonly on: { readonly alias: string; readonly column: string };
  readonly cast: boolean;
  /** The key has rows that are there twice. */
  readonly duplicates: boolean;
};

/** A dataset with any number of rows per entity. */
export type Child = {
  readonly alias: string;
  readonly shape: DatasetShape;
  readonly key: string;
  readonly on: string;
  readonly cast: boolean;
  readonly date: ColumnShape | undefined;
};

export type DateRef = { readonly alias: string; readonly column: ColumnShape };

export type Time =
  | {
      readonly kind: 'span';
      readonly start: DateRef;
      readonly end: DateRef;
      /** Last day of the data and days of the window in which children are counted. */
      readonly lastDay: string;
      readonly windowDays: number;
    }
  | { readonly kind: 'moment'; readonly at: DateRef }
  | { readonly kind: 'none' };

export type Entity = {
  readonly outcome: Outcome;
  readonly shape: DatasetShape;
  /** A key of which some rows are duplicates, to be taken once. */
  readonly duplicatedKey: ColumnShape | undefined;
  readonly parents: readonly Parent[];
  readonly children: readonly Child[];
  readonly time: Time;
};

/** Alias of the entity's own rows, and of the rows that are the outcome. */
export const own = 'e';
export const outcomeRows = 'o';

const maxParents = 6;
const maxChildren = 5;
/** A child's key takes so many different values per row of the entity, else the child belongs to something coarser. */
const minKeysPerRow = 0.2;
/** Days after the start in which children are counted, in data that is long enough for it. */
const usualWindowDays = 60;

export function entityOf(outcome: Outcome, shapes: readonly DatasetShape[], joins: readonly Join[]): Entity {
  const shape = outcome.entity;
  const taken = new Set([shape.name, outcome.mark.kind === 'row' ? outcome.mark.shape.name : '']);
  const parents: Parent[] = [];
  const children: Child[] = [];
  const reach = (from: DatasetShape, alias: string, depth: number): void => {
    for (const { mine, other, cast } of sidesOf(joins, from.name)) {
      const target = shapes.find(({ name }) => name === other.dataset);
      if (target === undefined || taken.has(target.name)) continue;
      if (isUnique(other) && parents.length < maxParents) {
        taken.add(target.name);
        const parent = {
          alias: `p${parents.length}`,
          shape: target,
          key: other.column,
          on: { alias, column: mine.column },
          cast,
          duplicates: other.rows > other.keys,
        };
        parents.push(parent);
        if (depth < 1) reach(target, parent.alias, depth + 1);
      } else if (
        depth === 0 &&
        !isUnique(other) &&
        mine.keys >= minKeysPerRow * mine.rows &&
        children.length < maxChildren
      ) {
        taken.add(target.name);
        const date = bestStart(target.columns)[0] ?? target.columns.find((column) => column.reads === 'date');
        children.push({ alias: `k${children.length}`, shape: target, key: other.column, on: mine.column, cast, date });
      }
    }
  };
  reach(shape, own, 0);
  return { outcome, shape, duplicatedKey: duplicatedKey(shape), parents, children, time: timeOf(outcome, parents) };
}

function sidesOf(joins: readonly Join[], dataset: string): { mine: Side; other: Side; cast: boolean }[] {
  return joins.flatMap(({ a, b, castNeeded }) => {
    if (a.dataset === dataset) return [{ mine: a, other: b, cast: castNeeded }];
    return b.dataset === dataset ? [{ mine: b, other: a, cast: castNeeded }] : [];
  });
}

/** A column that names the rows and is unique but for a few; none when another column is unique throughout. */
export function duplicatedKey(shape: DatasetShape): ColumnShape | undefined {
  const ids = shape.columns.filter(
    ({ name, filled, distinct }) => namesAnId(name) && filled > 1 && distinct > 0.9 * filled,
  );
  if (shape.sampled || ids.some(({ filled, distinct }) => filled === distinct)) return undefined;
  return ids.toSorted((a, b) => b.distinct - a.distinct)[0];
}

function timeOf(outcome: Outcome, parents: readonly Parent[]): Time {
  const { family, end, entity, mark } = outcome;
  const starts = [
    ...bestStart(entity.columns).map((column) => ({ alias: own, column })),
    ...parents.flatMap(({ alias, shape }) => bestStart(shape.columns).map((column) => ({ alias, column }))),
  ].filter(({ column }) => column !== end);
  const start = starts[0];
  if (start === undefined) return { kind: 'none' };
  if (end !== undefined && family.time !== 'event') {
    const days = [start.column, end].flatMap(({ lastDay }) => lastDay ?? []);
    const lastDay = days.toSorted().at(-1);
    const span = (Date.parse(lastDay ?? '') - Date.parse(start.column.firstDay ?? '')) / 86_400_000;
    if (lastDay !== undefined && span > 0) {
      const windowDays = Math.max(1, Math.min(usualWindowDays, Math.floor(span / 4)));
      return {
        kind: 'span',
        start,
        end: { alias: mark.kind === 'row' ? outcomeRows : own, column: end },
        lastDay,
        windowDays,
      };
    }
  }
  // For an outcome that ends a relation the month of the beginning says nothing without the month of the end.
  return family.time === 'end' || start.alias !== own ? { kind: 'none' } : { kind: 'moment', at: start };
}

/** Dates that are nearly always there and sound like a beginning, best first. */
function bestStart(columns: readonly ColumnShape[]): ColumnShape[] {
  const fullest = Math.max(0, ...columns.map(({ filled }) => filled));
  return columns
    .filter((column) => column.reads === 'date' && column.filled >= 0.9 * fullest && soundsLikeStart(column.name) > 0)
    .toSorted((a, b) => soundsLikeStart(b.name) - soundsLikeStart(a.name));
}

/** Finds the outcome in data never seen before: a two-valued column, a status, a date that survivors lack, or rows of their own. */
import { isUnique, type Join, type Side } from './joins.ts';
import { realLevels, type ColumnShape, type DatasetShape, type Level } from './shape.ts';
import {
  bearsFamily,
  familyOfName,
  familyOfTask,
  namedInTask,
  namesAnEnd,
  tokens,
  unnamedFamily,
  type Family,
} from './words.ts';

/** How a row of the entity shows that it had the outcome. */
export type Mark =
  | { readonly kind: 'value'; readonly column: ColumnShape; readonly values: readonly string[] }
  | { readonly kind: 'filled'; readonly column: ColumnShape }
  | { readonly kind: 'row'; readonly side: Side; readonly shape: DatasetShape };

export type Outcome = {
  readonly family: Family;
  /** The dataset with one row per thing that may have the outcome. */
  readonly entity: DatasetShape;
  readonly mark: Mark;
  /** When it happened, in the entity's rows (or, for `row`, in the rows of the outcome). */
  readonly end: ColumnShape | undefined;
  /** For `row`: the entity's key. */
  readonly key: string | undefined;
  readonly score: number;
};

/** Fewer points than this are no sign that a column is what the task is about. */
const enough = 2;
const points = {
  name: 10,
  value: 7,
  rows: 8,
  datedName: 11,
  datedEnd: 5,
  textFilled: 3,
  namedInTask: 6,
  anyFamily: 4,
  anyValue: 3,
  generic: 2,
} as const;

/** All candidates, best first. */
export function findOutcomes(task: string, shapes: readonly DatasetShape[], joins: readonly Join[]): Outcome[] {
  const wanted = familyOfTask(task);
  const found = shapes.flatMap((entity) => [
    ...entity.columns.flatMap((column) => fromColumn(column, entity, task, wanted)),
    ...fromRows(entity, shapes, joins, wanted),
  ]);
  // The order of datasets and columns decides between equals, so that the choice is always the same.
  return found.filter((outcome) => outcome.score >= enough).toSorted((a, b) => b.score - a.score);
}

/** Columns that could hold an outcome by their values alone, for the sentence that none was chosen. */
export function consideredColumns(shapes: readonly DatasetShape[]): ColumnShape[] {
  return shapes.flatMap((shape) => shape.columns.filter((column) => isFlag(column) || isStatus(column)));
}

function fromColumn(column: ColumnShape, entity: DatasetShape, task: string, wanted: Family | undefined): Outcome[] {
  const family =
    wanted ?? familyOfName(column.name) ?? column.levels.map(({ value }) => familyOfName(value)).find(Boolean);
  const named = family !== undefined && bearsFamily(column.name, family);
  const inTask = namedInTask(column.name, task) ? points.namedInTask : 0;
  const make = (mark: Mark, score: number, end: ColumnShape | undefined): Outcome[] => [
    { family: family ?? unnamedFamily, entity, mark, end, key: undefined, score },
  ];
  if (isFlag(column) || isStatus(column)) {
    const matching = family === undefined ? [] : realLevels(column).filter(({ value }) => bearsFamily(value, family));
    const byValue = matching.length > 0 && matching.length < realLevels(column).length;
    const values = byValue ? matching : isFlag(column) ? [positiveLevel(column)] : [];
    const score =
      scoreOf(column, named && isFlag(column), byValue, wanted !== undefined) + (isFlag(column) ? inTask : 0);
    if (values.length === 0) return [];
    const rows = values.reduce((sum, level) => sum + level.rows, 0);
    const end = entity.columns.find((other) => isCompanion(other, rows, entity, family));
    return make({ kind: 'value', column, values: values.map(({ value }) => value) }, score, end);
  }
  if (!isPartlyFilled(column, entity)) return [];
  if (column.reads === 'date') {
    if (named) return make({ kind: 'filled', column }, points.datedName, column);
    const ends = namesAnEnd(column.name) && family?.time !== 'event' && family !== undefined;
    return ends ? make({ kind: 'filled', column }, points.datedEnd, column) : [];
  }
  return named && column.reads === 'text' ? make({ kind: 'filled', column }, points.textFilled, undefined) : [];
}

function scoreOf(column: ColumnShape, named: boolean, byValue: boolean, taskIsClear: boolean): number {
  const generic = tokens(column.name).some((token) => /^(target|label|outcome|class|y|event)$/.test(token))
    ? points.generic
    : 0;
  if (named) return taskIsClear ? points.name : points.anyFamily;
  if (byValue) return taskIsClear ? points.value : points.anyValue;
  return isFlag(column) ? generic : 0;
}

/** A dataset named after the outcome (`returns`), whose rows belong to some of the rows of another. */
function fromRows(
  shape: DatasetShape,
  shapes: readonly DatasetShape[],
  joins: readonly Join[],
  wanted: Family | undefined,
): Outcome[] {
  const family = wanted ?? familyOfName(shape.name);
  if (family === undefined || !bearsFamily(shape.name, family)) return [];
  const dates = shape.columns.filter((column) => column.reads === 'date');
  return joins.flatMap(({ a, b, matched }): Outcome[] => {
    const [side, other] = a.dataset === shape.name ? [a, b] : [b, a];
    const entity = shapes.find(({ name }) => name === other.dataset);
    const someWithout = matched < other.keys * 0.99;
    if (side.dataset !== shape.name || entity === undefined || !isUnique(other) || !someWithout) return [];
    // Of several datasets that are joined, the finest one is what the rows are about.
    const finest = 1 - 1 / Math.max(1, matched);
    const score = (wanted === undefined ? points.anyFamily : points.rows) + finest;
    return [{ family, entity, mark: { kind: 'row', side, shape }, end: dates[0], key: other.column, score }];
  });
}

/** A date that is there just when the outcome is: it says when. */
function isCompanion(
  column: ColumnShape,
  positives: number,
  entity: DatasetShape,
  family: Family | undefined,
): boolean {
  if (column.reads !== 'date' || !isPartlyFilled(column, entity)) return false;
  const near = Math.abs(column.filled - positives) <= 0.02 * Math.max(positives, column.filled);
  return (
    near &&
    (namesAnEnd(column.name) ||
      (family !== undefined && bearsFamily(column.name, family)) ||
      /date|day|_at$|_on$/i.test(column.name))
  );
}

function isFlag(column: ColumnShape): boolean {
  return column.distinct <= 8 && realLevels(column).length === 2 && column.reads !== 'date';
}

function isStatus(column: ColumnShape): boolean {
  const levels = realLevels(column).length;
  return column.reads === 'text' && column.distinct <= 8 && levels > 2;
}

function isPartlyFilled(column: ColumnShape, entity: DatasetShape): boolean {
  const looked = Math.max(...entity.columns.map(({ filled }) => filled));
  return column.filled > 0 && column.filled < looked * 0.97;
}

/** The level that means yes; for names that speak of staying, the one that means no; else the rarer one. */
function positiveLevel(column: ColumnShape): Level {
  const levels = realLevels(column);
  const stays = /retain|active|alive|stay/i.test(column.name) && !/inactive|deactiv/i.test(column.name);
  const wanted = stays ? /^(0|0\.0|false|f|no|n|nein)$/i : /^(1|1\.0|true|t|yes|y|ja|si|sí|oui|sim)$/i;
  return levels.find(({ value }) => wanted.test(value)) ?? levels.at(-1)!;
}

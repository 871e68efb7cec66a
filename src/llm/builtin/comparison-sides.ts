/** Finds the two sides of a comparison: two periods, or two values of one column, that the task names. */
import { cellAt } from '../../analysis/table.ts';
import { tableOf, type Catalog, type DatasetInfo } from './catalog.ts';
import type { Sides } from './comparison-sql.ts';
import { periodsIn } from './period.ts';
import { groupOf } from './quality/subject.ts';
import { askAll, failuresOf, type Desk } from './rounds.ts';
import type { Ask, Reply } from './script.ts';
import { shown } from './shown.ts';
import { ident, literal } from './sql.ts';
import { amountIn, dateIn, groupIn, joined, mainDataset, measureIn, readable } from './target.ts';
import { fit, isNamedKey, tokensOf } from './wording.ts';

/** Text columns whose values are looked through for the words of the task. */
const maxColumns = 10;

/** Values listed per column; a column with more is no list of groups. */
const maxValues = 40;

export function* sidesOf(
  desk: Desk,
  task: string,
  catalog: Catalog,
  limits: string[],
): Generator<Ask, Sides | undefined, readonly Reply[]> {
  const datasets = readable(catalog);
  const measure = measureIn(task, datasets);
  const periods = periodsIn(task);
  const start = measure?.dataset ?? mainDataset(task, catalog);
  if (start === undefined) return undefined;
  const of = (dataset: DatasetInfo) => ({
    dataset,
    source: ident(dataset.name),
    value: measure?.dataset === dataset ? measure.column : undefined,
    outcome: outcomeIn(task, dataset),
  });
  const [a, b] = periods;
  if (a !== undefined && b !== undefined) {
    const dataset = [start, ...datasets].find((candidate) => dateIn(task, candidate) !== undefined);
    const date = dataset && dateIn(task, dataset);
    if (dataset === undefined || date === undefined) return undefined;
    const amount = measure ?? amountIn([dataset]);
    return {
      ...of(dataset),
      value: amount?.dataset === dataset ? amount.column : undefined,
      column: date,
      isPeriod: true,
      a: a.words,
      b: b.words,
      isA: a.condition(date, dataset.name),
      isB: b.condition(date, dataset.name),
    };
  }
  for (const dataset of [start, ...datasets.filter((one) => one !== start)].slice(0, 4)) {
    const pair = yield* groupsIn(desk, task, dataset, limits);
    if (pair !== undefined) return { ...withFacts(of, dataset, pair.column, measure?.dataset, datasets), ...pair };
  }
  return undefined;
}

/** Values found in a small table of names (plans, stores) are compared over the rows that point to it, not over the names. */
function withFacts<T extends { dataset: DatasetInfo; source: string }>(
  of: (dataset: DatasetInfo) => T,
  dataset: DatasetInfo,
  column: string,
  preferred: DatasetInfo | undefined,
  datasets: readonly DatasetInfo[],
): T {
  const larger = datasets.filter(
    (one) => one !== dataset && (one === preferred || (one.rows ?? 0) > (dataset.rows ?? 0)),
  );
  for (const facts of larger.sort(
    (a, b) => Number(b === preferred) - Number(a === preferred) || (b.rows ?? 0) - (a.rows ?? 0),
  )) {
    const source = joined(facts, ident(facts.name), { dataset, column });
    if (source !== undefined && (preferred === facts || isLookup(dataset))) return { ...of(facts), source };
  }
  return of(dataset);
}

/** So few rows that each stands for a kind, not for a case. */
function isLookup(dataset: DatasetInfo): boolean {
  return (dataset.rows ?? 0) <= lookupRows;
}

const lookupRows = 200;

/** Two values of one column that the task says, else the two most frequent values of the column it names. */
function* groupsIn(desk: Desk, task: string, dataset: DatasetInfo, limits: string[]) {
  const columns = dataset.columns
    .filter(({ name, type }) => (groupOf(type) === 'text' || /bool/i.test(type)) && !isNamedKey(name))
    .slice(0, maxColumns);
  const questions = columns.map(({ name }) => ({
    about: `the values of ${shown(name)}`,
    sql: `SELECT CAST(${ident(name)} AS VARCHAR) AS value, count(*) AS "rows" FROM ${ident(dataset.name)} WHERE ${ident(name)} IS NOT NULL GROUP BY 1 ORDER BY "rows" DESC, value LIMIT ${maxValues + 1}`,
  }));
  if (questions.length === 0) return undefined;
  const replies: Reply[] = yield* askAll(desk, 1, 'Looking for the two sides among the values.', questions);
  limits.push(...failuresOf(questions, replies));
  const lists = columns.map(({ name }, i) => ({ name, values: valuesIn(replies[i]!) }));
  const text = ` ${tokensOf(task).join(' ')} `;
  const placeOf = (value: string) =>
    tokensOf(value).length === 0 ? -1 : text.indexOf(` ${tokensOf(value).join(' ')} `);
  const saidIn = (values: readonly string[]) =>
    values.filter((value) => placeOf(value) >= 0).sort((x, y) => placeOf(x) - placeOf(y));
  const said = lists
    .map(({ name, values }) => ({ name, values, said: saidIn(values) }))
    .sort((x, y) => y.said.length - x.said.length)[0];
  const only = said?.said[0];
  if (said !== undefined && said.said.length >= 2) return pairOf(said.name, said.said[0]!, said.said[1]!);
  if (said !== undefined && only !== undefined) {
    limits.push(`Read as: ${shown(only)} against all other values of ${shown(said.name)}.`);
    return {
      column: said.name,
      isPeriod: false,
      a: only,
      b: 'other',
      isA: isValue(said.name, only),
      isB: `NOT (${isValue(said.name, only)})`,
    };
  }
  const named = groupIn(task, [dataset])?.column;
  const list = lists.find(({ name, values }) => name === named && values.length >= 2 && values.length <= maxValues);
  if (list === undefined) return undefined;
  if (list.values.length > 2)
    limits.push(`Read as: the two most frequent values of ${shown(list.name)}; name two values for another pair.`);
  return pairOf(list.name, list.values[0]!, list.values[1]!);
}

function pairOf(column: string, a: string, b: string) {
  return { column, isPeriod: false, a, b, isA: isValue(column, a), isB: isValue(column, b) };
}

function isValue(column: string, value: string): string {
  return `CAST(${ident(column)} AS VARCHAR) = ${literal(value)}`;
}

function valuesIn(reply: Reply): string[] {
  const table = tableOf(reply);
  return table === undefined ? [] : table.rows.map((_, row) => String(cellAt(table, row, 'value')));
}

/** A yes/no column that the task names is compared as a share. */
function outcomeIn(task: string, dataset: DatasetInfo): string | undefined {
  const words = tokensOf(task);
  return dataset.columns.find(({ name, type }) => /bool/i.test(type) && fit(name, words) >= 0.5)?.name;
}

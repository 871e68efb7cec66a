/** Comparison of two periods or two groups: how far apart they are, how sure that is, and which segments make the difference. */
import type { Finding } from '../../analysis/evidence.ts';
import { cellAt, numberAt } from '../../analysis/table.ts';
import { tableOf, type Catalog, type DatasetInfo } from './catalog.ts';
import { outcomeSql, sideSql, segmentSql, type Sides } from './comparison-sql.ts';
import { periodsIn } from './period.ts';
import { groupOf } from './quality/subject.ts';
import { asCount, asDecimal, asPercent, asPoints, cell, derived, finding } from './quantities.ts';
import { askAll, failuresOf, type Desk } from './rounds.ts';
import type { Ask, Reply, Script } from './script.ts';
import { shown } from './shown.ts';
import { ident, literal } from './sql.ts';
import { amountIn, dateIn, groupIn, joined, mainDataset, measureIn, readable } from './target.ts';
import { fit, isNamedKey, tokensOf } from './wording.ts';

/** Text columns whose values are looked through for the words of the task, and taken as segments. */
const maxColumns = 10;
const maxSegmentColumns = 5;

/** Values listed per column; a column with more is no list of groups. */
const maxValues = 40;

/** Fewer rows on a side leave most to chance. */
const smallSample = 30;

const titles = [
  'See which data there is',
  'Find the two sides',
  'Compute the difference and its segments',
  'Report what differs',
];

export function* comparisonScript(task: string, catalog: Catalog): Script {
  const desk: Desk = { tools: catalog.tools, titles };
  const limits: string[] = [];
  const sides = yield* sidesOf(desk, task, catalog, limits);
  if (sides === undefined) {
    return {
      headline: 'The two sides of the comparison were not found in the data.',
      findings: [],
      limits: [
        ...limits,
        'Name two values of one column, or two periods such as quarters or years of a dataset with a date.',
      ],
    };
  }
  const segments = sides.dataset.columns
    .filter(({ name, type }) => groupOf(type) === 'text' && name !== sides.column && !isNamedKey(name))
    .slice(0, maxSegmentColumns)
    .map(({ name }) => name);
  const questions = [
    { about: 'the two sides', sql: sides.outcome === undefined ? sideSql(sides) : outcomeSql(sides) },
    ...segments.map((segment) => ({ about: `the difference by ${shown(segment)}`, sql: segmentSql(sides, segment) })),
  ];
  const replies = yield* askAll(desk, 2, 'Computing the difference and its segments.', questions);
  limits.push(...failuresOf(questions, replies));
  const main = sides.outcome === undefined ? meanFindings(sides, replies[0]!) : shareFindings(sides, replies[0]!);
  const findings = [...main, ...segmentFindings(sides, segments, replies.slice(1))];
  const headline =
    findings.length === 0
      ? 'The comparison could not be evaluated.'
      : `${shown(sides.a)} and ${shown(sides.b)} of ${shown(sides.dataset.name)} compared${sides.value === undefined ? '' : ` by ${shown(sides.value)}`}.`;
  return {
    headline,
    findings,
    limits: [
      ...limits,
      'A difference between groups says what goes together; other things that differ between them may be the reason.',
    ],
  };
}

function* sidesOf(
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
  if (periods.length >= 2) {
    const dataset = [start, ...datasets].find((candidate) => dateIn(task, candidate) !== undefined);
    const date = dataset && dateIn(task, dataset);
    if (dataset === undefined || date === undefined) return undefined;
    const [a, b] = periods as [(typeof periods)[number], (typeof periods)[number]];
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
    .filter(({ name, type }) => ['text', 'other'].includes(groupOf(type)) && !isNamedKey(name))
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

function meanFindings(sides: Sides, reply: Reply): Finding[] {
  const rows = [0, 1].map((row) => cell(reply, row, 'rows', asCount));
  const table = tableOf(reply);
  const range = (row: number) =>
    `from ${shown(table && cellAt(table, row, 'earliest'))} to ${shown(table && cellAt(table, row, 'latest'))}`;
  const read = sides.isPeriod
    ? finding(
        'supporting',
        `Read as: ${shown(sides.a)} is ${range(0)} ({0} rows), ${shown(sides.b)} is ${range(1)} ({1} rows), by ${shown(sides.column)} of ${shown(sides.dataset.name)}.`,
        rows,
      )
    : [];
  const size = finding('supporting', `${shown(sides.a)} has {0} rows, ${shown(sides.b)} {1} ({2} as many).`, [
    rows[0],
    rows[1],
    derived('ratio', [rows[1], rows[0]], asPercent),
  ]);
  if (sides.value === undefined) {
    const change = finding(
      'key',
      `Rows: {0} in ${shown(sides.a)} against {1} in ${shown(sides.b)}, a change of {2} from the first to the second.`,
      [rows[0], rows[1], derived('percentChange', [rows[1], rows[0]], asPercent)],
    );
    return [...change, ...read, ...small(sides, reply)];
  }
  const of = [1, 0].flatMap((row) => ['mean', 'stddev', 'filled'].map((column) => cell(reply, row, column, asDecimal)));
  const totals = [0, 1].map((row) => cell(reply, row, 'total', asDecimal));
  const low = derived('meanDifferenceLow', of, asDecimal);
  const high = derived('meanDifferenceHigh', of, asDecimal);
  const sure = low !== undefined && high !== undefined && (low.value > 0 || high.value < 0);
  const verdict = sure ? 'clearly different' : 'not clearly different: the interval contains zero';
  const value = shown(sides.value);
  return [
    ...finding(
      'key',
      `The average ${value} is {0} in ${shown(sides.a)} and {1} in ${shown(sides.b)}: a difference of {2} (confidence interval {3} to {4}), ${verdict}.`,
      [of[3], of[0], derived('difference', [of[0], of[3]], asDecimal), low, high],
    ),
    ...finding(
      'key',
      `The total ${value} is {0} in ${shown(sides.a)} and {1} in ${shown(sides.b)}, a change of {2} from the first to the second.`,
      [totals[0], totals[1], derived('percentChange', [totals[1], totals[0]], asPercent)],
    ),
    ...(sides.isPeriod ? read : size),
    ...small(sides, reply),
  ];
}

function shareFindings(sides: Sides, reply: Reply): Finding[] {
  const of = [1, 0].flatMap((row) => [cell(reply, row, 'hits', asCount), cell(reply, row, 'filled', asCount)]);
  const [k2, n2, k1, n1] = of;
  const low = derived('shareDifferenceLow', of, asPoints);
  const high = derived('shareDifferenceHigh', of, asPoints);
  const sure = low !== undefined && high !== undefined && (low.value > 0 || high.value < 0);
  const statement =
    `${shown(sides.outcome)} is true for {0} of ${shown(sides.a)} ({1} of {2} rows) and {3} of ${shown(sides.b)} ({4} of {5} rows): a difference of {6} ` +
    `(confidence interval {7} to {8}), ${sure ? 'clearly different' : 'not clearly different: the interval contains zero'}.`;
  const quantities = [
    derived('share', [k1, n1], asPercent),
    k1,
    n1,
    derived('share', [k2, n2], asPercent),
    k2,
    n2,
    derived('shareDifference', of, asPoints),
    low,
    high,
  ];
  return [...finding('key', statement, quantities), ...small(sides, reply)];
}

function small(sides: Sides, reply: Reply): Finding[] {
  const table = tableOf(reply);
  if (table === undefined) return [];
  return [sides.a, sides.b].flatMap((side, row) =>
    (numberAt(table, row, 'rows') ?? 0) < smallSample
      ? finding('caveat', `${shown(side)} has too few rows to lean on ({0}): its numbers may be chance.`, [
          cell(reply, row, 'rows', asCount),
        ])
      : [],
  );
}

/** The segment of each column that moved most, biggest move first. */
function segmentFindings(sides: Sides, segments: readonly string[], replies: readonly Reply[]): Finding[] {
  const format = sides.value === undefined ? asCount : asDecimal;
  const what =
    sides.outcome !== undefined
      ? `rows with ${shown(sides.outcome)}`
      : sides.value === undefined
        ? 'rows'
        : shown(sides.value);
  const found = replies.flatMap((reply, i) => {
    const table = tableOf(reply);
    if (table === undefined || table.rows.length < 2 || (numberAt(table, 0, 'moved') ?? 0) === 0) return [];
    const quantities = [cell(reply, 0, 'a', format), cell(reply, 0, 'b', format), cell(reply, 0, 'change', format)];
    const statement = `By ${shown(segments[i])}, the largest part of the difference lies in ${shown(cellAt(table, 0, 'segment'))}: ${what} {0} in ${shown(sides.a)}, {1} in ${shown(sides.b)}, a difference of {2}.`;
    const chart = {
      kind: 'bars',
      title: `Difference by ${shown(segments[i])}`,
      call: reply.call,
      label: 'segment',
      value: 'change',
      format,
    } as const;
    return finding('supporting', statement, quantities, chart).map((one) => ({
      one,
      moved: numberAt(table, 0, 'moved') ?? 0,
    }));
  });
  return found.sort((x, y) => y.moved - x.moved).map(({ one }) => one);
}

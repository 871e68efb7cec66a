/** "Top, total, average, count by": one measure over the groups of one column, largest first. */
import type { Finding } from '../../analysis/evidence.ts';
import { cellAt, numberAt } from '../../analysis/table.ts';
import { wishOf, type Operation, type Wish } from './aggregate-wish.ts';
import type { Catalog } from './catalog.ts';
import { tableOf } from './catalog.ts';
import { asCount, asDecimal, asPercent, cell, derived, finding } from './quantities.ts';
import { askAll, failuresOf, type Desk, type Question } from './rounds.ts';
import { scopeFinding, scopeOf, scopeQuestion, type Scope } from './scope.ts';
import type { Reply, Script } from './script.ts';
import { shown } from './shown.ts';
import { ident } from './sql.ts';
import { datasetsOf, joined, mainDataset } from './target.ts';

/** Groups named in one sentence. */
const groupsPerSentence = 5;

/** Below this many rows a mean or share of a group is mostly chance. */
const smallSample = 30;

const titles = [
  'See which data there is',
  'Find the rows and columns meant',
  'Compute by group',
  'Report, largest first',
];

export function* aggregateScript(task: string, catalog: Catalog): Script {
  const desk: Desk = { tools: catalog.tools, titles };
  const wish = wishOf(task, catalog);
  const dataset = wish.measure?.dataset ?? mainDataset(task, catalog);
  if (dataset === undefined) return { headline: 'There is no readable data to answer from.', findings: [], limits: [] };
  const scope = scopeOf(task, dataset);
  const isGuess = catalog.datasets.length > 1 && wish.measure === undefined && !datasetsOf(task, catalog).said;
  const read = isGuess ? [`Read as: rows of ${shown(dataset.name)}; name another dataset for others.`] : [];
  const limits = [...read, ...wish.remarks, ...scope.remarks];
  const source = wish.group === undefined ? scope.source : joined(dataset, scope.source, wish.group);
  if (source === undefined)
    limits.push(
      `No key leads from ${shown(dataset.name)} to ${shown(wish.group?.dataset.name)}, so the rows could not be grouped by ${shown(wish.group?.column)}.`,
    );
  const group = source === undefined ? undefined : wish.group?.column;
  const questions: Question[] = [...scopeQuestion(scope), totalQuestion(scope, wish)];
  if (group !== undefined && source !== undefined) questions.push(groupQuestion(source, group, wish));
  const replies = yield* askAll(desk, 2, 'Computing.', questions);
  limits.push(...failuresOf(questions, replies));
  const total = replies[scopeQuestion(scope).length]!;
  const findings = [
    ...(group === undefined ? [] : groupFindings(wish, group, total, replies.at(-1)!)),
    ...totalFinding(scope, wish, total),
    ...scopeFinding(scope, replies[0]),
  ];
  return { headline: headlineOf(dataset.name, wish, group, replies.at(-1)!, findings), findings, limits };
}

function valueSql(wish: Wish): string {
  if (wish.measure === undefined) return 'count(*)';
  const m = ident(wish.measure.column);
  // Summed as decimals, so that the order in which an engine adds cannot change the last digit.
  if (wish.operation === 'sum') return `round(sum(${m}::DOUBLE), 6)`;
  if (wish.operation === 'avg') return `round(avg(${m}::DOUBLE), 9)`;
  return wish.operation === 'median' ? `quantile_cont(${m}::DOUBLE, 0.5)` : `${wish.operation}(${m})::DOUBLE`;
}

function spreadSql(wish: Wish): string {
  if (wish.measure === undefined) return '';
  const m = ident(wish.measure.column);
  return `, count(${m}) AS filled, round(avg(${m}::DOUBLE), 9) AS mean, round(stddev_samp(${m}::DOUBLE), 9) AS stddev`;
}

function totalQuestion(scope: Scope, wish: Wish): Question {
  return {
    about: `the total over ${shown(scope.dataset.name)}`,
    sql: `SELECT ${valueSql(wish)} AS value, count(*) AS "rows"${spreadSql(wish)} FROM ${scope.source}`,
  };
}

function groupQuestion(source: string, group: string, wish: Wish): Question {
  const g = ident(group);
  return {
    about: `values by ${shown(group)}`,
    sql:
      `SELECT CAST(${g} AS VARCHAR) AS ${g}, ${valueSql(wish)} AS value, count(*) AS "rows"${spreadSql(wish)}, count(*) OVER () AS all_groups FROM ${source} ` +
      `WHERE ${g} IS NOT NULL GROUP BY ${g} ORDER BY value ${wish.fromBottom ? 'ASC' : 'DESC'} NULLS LAST, CAST(${g} AS VARCHAR) LIMIT ${wish.groups}`,
  };
}

const words: Record<Operation, string> = {
  sum: 'total',
  avg: 'average',
  median: 'median',
  count: 'number of rows',
  max: 'largest',
  min: 'smallest',
};

function nameOf(wish: Wish): string {
  return wish.measure === undefined ? 'number of rows' : `${words[wish.operation]} ${shown(wish.measure.column)}`;
}

function formatOf(wish: Wish) {
  return wish.operation === 'count' ? asCount : asDecimal;
}

function totalFinding(scope: Scope, wish: Wish, total: Reply): Finding[] {
  const rows = cell(total, 0, 'rows', asCount);
  if (wish.measure === undefined)
    return finding(
      'key',
      `${shown(scope.dataset.name)} has {0} ${scope.period === undefined ? '' : 'such '}rows in all.`,
      [rows],
    );
  const value = cell(total, 0, 'value', asDecimal);
  const filled = cell(total, 0, 'filled', asCount);
  const missing = filled !== undefined && rows !== undefined && filled.value < rows.value;
  const statement = `Over all of ${shown(scope.dataset.name)}, the ${nameOf(wish)} is {0}, from {1} rows${missing ? ' with a value of {2}' : ''}.`;
  return finding('key', statement, missing ? [value, filled, rows] : [value, rows]);
}

function groupFindings(wish: Wish, group: string, total: Reply, reply: Reply): Finding[] {
  const table = tableOf(reply);
  if (table === undefined || table.rows.length === 0) return [];
  const isPart = wish.operation === 'sum' || wish.operation === 'count';
  const whole = cell(total, 0, 'value', asDecimal);
  const all = cell(reply, 0, 'all_groups', asCount);
  const findings: Finding[] = [];
  for (let from = 0; from < table.rows.length; from += groupsPerSentence) {
    const rows = table.rows.slice(from, from + groupsPerSentence).map((_, i) => from + i);
    const quantities = rows.flatMap((row) => {
      const value = cell(reply, row, 'value', formatOf(wish));
      return [value, isPart ? derived('share', [value, whole], asPercent) : cell(reply, row, 'rows', asCount)];
    });
    const parts = rows.map(
      (row, i) =>
        `${shown(cellAt(table, row, group))} {${i * 2}} (${isPart ? '' : 'from '}{${i * 2 + 1}}${isPart ? '' : ' rows'})`,
    );
    const intro =
      from === 0
        ? `The ${wish.fromBottom ? 'smallest' : 'largest'} of {${rows.length * 2}} groups of ${shown(group)} by ${nameOf(wish)}${isPart ? ', with their share of the whole' : ''}`
        : 'Next';
    const chart = {
      kind: 'bars',
      title: `${nameOf(wish)} by ${shown(group)}`,
      call: reply.call,
      label: group,
      value: 'value',
      format: formatOf(wish),
    } as const;
    findings.push(
      ...finding(
        from === 0 ? 'key' : 'supporting',
        `${intro}: ${parts.join(', ')}.`,
        from === 0 ? [...quantities, all] : quantities,
        from === 0 ? chart : undefined,
      ),
    );
  }
  return [...findings, ...spreadFinding(wish, group, reply), ...smallGroups(wish, group, reply)];
}

/** For averages: how sure the distance between the first and the last shown group is. */
function spreadFinding(wish: Wish, group: string, reply: Reply): Finding[] {
  const table = tableOf(reply);
  if (wish.operation !== 'avg' || table === undefined || table.rows.length < 2) return [];
  const last = table.rows.length - 1;
  const of = [0, last].flatMap((row) =>
    ['mean', 'stddev', 'filled'].map((column) => cell(reply, row, column, asDecimal)),
  );
  const statement = `${shown(cellAt(table, 0, group))} and ${shown(cellAt(table, last, group))} differ by {0} on average (confidence interval {1} to {2}).`;
  return finding('supporting', statement, [
    derived('difference', [of[0], of[3]], asDecimal),
    derived('meanDifferenceLow', of, asDecimal),
    derived('meanDifferenceHigh', of, asDecimal),
  ]);
}

function smallGroups(wish: Wish, group: string, reply: Reply): Finding[] {
  const table = tableOf(reply);
  if (wish.operation === 'sum' || wish.operation === 'count' || table === undefined) return [];
  const small = table.rows
    .map((_, row) => row)
    .filter((row) => (numberAt(table, row, 'rows') ?? 0) < smallSample)
    .slice(0, groupsPerSentence);
  if (small.length === 0) return [];
  const parts = small.map((row, i) => `${shown(cellAt(table, row, group))} (rows: {${i}})`);
  return finding(
    'caveat',
    `Too few rows to lean on: ${parts.join(', ')}. Their values may be chance.`,
    small.map((row) => cell(reply, row, 'rows', asCount)),
  );
}

function headlineOf(
  dataset: string,
  wish: Wish,
  group: string | undefined,
  reply: Reply,
  findings: readonly Finding[],
): string {
  if (findings.length === 0) return 'The question could not be evaluated.';
  const table = tableOf(reply);
  const first =
    group === undefined || table === undefined || table.rows.length === 0 ? undefined : cellAt(table, 0, group);
  if (first === undefined || group === undefined) return `The ${nameOf(wish)} of ${shown(dataset)}.`;
  const few = wish.operation === 'avg' && table !== undefined && (numberAt(table, 0, 'rows') ?? 0) < smallSample;
  const doubt = few ? ', but from too few rows to lean on' : '';
  return `${shown(first)} has the ${wish.fromBottom ? 'smallest' : 'largest'} ${nameOf(wish)} among the groups of ${shown(group)}${doubt}.`;
}

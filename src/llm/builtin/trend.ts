/** Trend and seasonality: a series by day, week or month, its slope with an interval, the strongest month and weekday. */
import type { Finding } from '../../analysis/evidence.ts';
import { cellAt, numberAt } from '../../analysis/table.ts';
import { tableOf, type Catalog, type DatasetInfo } from './catalog.ts';
import { asCount, asDecimal, asPercent, cell, derived, finding } from './quantities.ts';
import { askAll, failuresOf, type Desk, type Question } from './rounds.ts';
import type { Reply, Script } from './script.ts';
import { scopeOf } from './scope.ts';
import { shown } from './shown.ts';
import { dateIn, mainDataset, measureIn, readable } from './target.ts';
import { seasonSql, seriesSql, slopeSql, spanSql, type Grain, type Series } from './series-sql.ts';

/** A slope over fewer periods is drawn by one of them. */
const enoughPeriods = 6;

/** A period of the year is called a season after this many days; shorter data has seen each month at most once in part. */
const daysForMonths = 360;
const daysForWeekdays = 28;

/** Of seven weekdays or twelve months the strongest always looks strong: it must stand out by more standard errors than a single one. */
const standsOut = 3;

const titles = [
  'See which data there is',
  'Find the span of time',
  'Compute the series, its slope and its seasons',
  'Report what changes',
];

export function* trendScript(task: string, catalog: Catalog): Script {
  const desk: Desk = { tools: catalog.tools, titles };
  const measure = measureIn(task, readable(catalog));
  const dataset = withDate(measure?.dataset, task, catalog);
  const column = dataset && dateIn(task, dataset);
  if (dataset === undefined || column === undefined) {
    return {
      headline: 'No dataset here has a date column, so nothing can be said about time.',
      findings: [],
      incomplete: true,
      limits: ['A trend needs a column of type date or timestamp; dates stored as text have to be converted first.'],
    };
  }
  const scope = scopeOf(task, dataset);
  const value = measure?.dataset === dataset ? measure.column : undefined;
  const limits = [
    ...scope.remarks,
    `Read as: the ${value === undefined ? 'number of rows' : `sum of ${shown(value)}`} of ${shown(dataset.name)} over ${shown(column)}.`,
  ];
  const span = { about: `the span of ${shown(column)}`, sql: spanSql(scope.source, column) };
  const [spanned] = yield* askAll(desk, 1, 'Finding the span of time.', [span]);
  limits.push(...failuresOf([span], [spanned!]));
  const table = tableOf(spanned!);
  const days = (table && numberAt(table, 0, 'days')) ?? 0;
  if (table === undefined || (numberAt(table, 0, 'rows') ?? 0) === 0)
    return { headline: 'The trend could not be evaluated.', findings: [], limits };
  const average = /\b(?:average|avg|mean)\b/i.test(task);
  const series: Series = {
    source: scope.source,
    date: column,
    value,
    average: average && value !== undefined,
    grain: grainOf(task, days),
  };
  const questions = questionsOf(series, days);
  const replies = yield* askAll(
    desk,
    2,
    'Computing the series, its slope and its seasons.',
    questions.map(({ question }) => question),
  );
  limits.push(
    ...failuresOf(
      questions.map(({ question }) => question),
      replies,
    ),
  );
  if (days < daysForMonths && /season|month/i.test(task))
    limits.push('The data covers less than a year, so seasons of the year cannot be told from a trend.');
  const findings = [
    ...questions.flatMap(({ read }, i) => read(replies[i]!)),
    ...finding(
      'supporting',
      `${shown(column)} of ${shown(dataset.name)} covers {0} days, from ${shown(cellAt(table, 0, 'earliest'))} to ${shown(cellAt(table, 0, 'latest'))}, in {1} rows.`,
      [cell(spanned!, 0, 'days', asCount), cell(spanned!, 0, 'rows', asCount)],
    ),
  ];
  return { headline: headlineOf(dataset.name, replies, findings), findings, limits };
}

/** The dataset of the measure if it has dates, else the one the words mean, else the first with dates. */
function withDate(preferred: DatasetInfo | undefined, task: string, catalog: Catalog): DatasetInfo | undefined {
  const candidates = [
    preferred,
    mainDataset(task, catalog),
    ...[...readable(catalog)].sort((a, b) => (b.rows ?? 0) - (a.rows ?? 0)),
  ];
  return candidates.find((dataset) => dataset !== undefined && dateIn(task, dataset) !== undefined);
}

function grainOf(task: string, days: number): Grain {
  const text = task.toLowerCase();
  if (/\b(?:daily|per day|by day|each day|every day)\b/.test(text) && days <= 120) return 'day';
  if (/\b(?:weekly|per week|by week|each week)\b/.test(text) && days <= 120 * 7) return 'week';
  if (/\b(?:monthly|per month|by month|each month|which month)\b/.test(text)) return 'month';
  if (days > 180) return 'month';
  return days > 60 ? 'week' : 'day';
}

type Part = { question: Question; read: (reply: Reply) => Finding[] };

function questionsOf(series: Series, days: number): Part[] {
  const what =
    series.value === undefined
      ? 'the number of rows'
      : `the ${series.average ? 'average' : 'total'} ${shown(series.value)}`;
  const parts: Part[] = [
    {
      question: { about: `the slope of ${what}`, sql: slopeSql(series) },
      read: (reply) => slopeFindings(series, what, reply),
    },
    {
      question: { about: `the series of ${what}`, sql: seriesSql(series) },
      read: (reply) => seriesFindings(series, what, reply),
    },
  ];
  if (days >= daysForMonths)
    parts.push({
      question: { about: `seasons of ${what} in the year`, sql: seasonSql(series, 'month') },
      read: (reply) => seasonFindings('month', what, days, reply),
    });
  if (days >= daysForWeekdays)
    parts.push({
      question: { about: `${what} by weekday`, sql: seasonSql(series, 'weekday') },
      read: (reply) => seasonFindings('weekday', what, days, reply),
    });
  return parts;
}

function slopeFindings(series: Series, what: string, reply: Reply): Finding[] {
  const table = tableOf(reply);
  const n = cell(reply, 0, 'periods', asCount);
  if (table === undefined || n === undefined) return [];
  if (n.value < enoughPeriods)
    return finding('caveat', `Only {0} complete periods (${series.grain}) are there: too few for a trend.`, [n]);
  const quantities = [
    cell(reply, 0, 'slope', asDecimal),
    cell(reply, 0, 'low', asDecimal),
    cell(reply, 0, 'high', asDecimal),
    n,
    cell(reply, 0, 'mean', asDecimal),
  ];
  const low = numberAt(table, 0, 'low') ?? 0;
  const high = numberAt(table, 0, 'high') ?? 0;
  const move = low > 0 ? 'rises by' : high < 0 ? 'falls by' : 'shows no clear trend: its straight line changes by';
  const relative = derived('ratio', [quantities[0], quantities[4]], asPercent);
  return finding(
    'key',
    `Per ${series.grain}, ${what} ${move} {0} each ${series.grain} ({5} of the mean of {4}); confidence interval of the slope {1} to {2}, over {3} complete periods.`,
    [...quantities, relative],
  );
}

function seriesFindings(series: Series, what: string, reply: Reply): Finding[] {
  const table = tableOf(reply);
  if (table === undefined || table.rows.length === 0) return [];
  const rows = table.rows.map((_, row) => ({
    row,
    value: numberAt(table, row, 'value') ?? 0,
    complete: /^(true|1)$/i.test(String(cellAt(table, row, 'complete'))),
  }));
  const complete = rows.filter((entry) => entry.complete);
  const highest = complete.reduce<(typeof rows)[number] | undefined>(
    (best, entry) => (best === undefined || entry.value > best.value ? entry : best),
    undefined,
  );
  const lowest = complete.reduce<(typeof rows)[number] | undefined>(
    (best, entry) => (best === undefined || entry.value < best.value ? entry : best),
    undefined,
  );
  const last = rows.at(-1);
  const format = series.value === undefined ? asCount : asDecimal;
  const chart = {
    kind: 'line',
    title: `${what} per ${series.grain}`,
    call: reply.call,
    label: 'period',
    value: 'value',
    format,
  } as const;
  const at = (row: number) => shown(cellAt(table, row, 'period'));
  return [
    ...(highest === undefined || lowest === undefined
      ? []
      : finding(
          'supporting',
          `The highest ${series.grain} starts ${at(highest.row)} with {0}, the lowest ${at(lowest.row)} with {1}.`,
          [cell(reply, highest.row, 'value', format), cell(reply, lowest.row, 'value', format)],
          chart,
        )),
    ...(last === undefined || last.complete
      ? []
      : finding(
          'caveat',
          `The last ${series.grain}, from ${at(last.row)}, is not complete ({0} so far) and is left out of the slope: its low value is no fall.`,
          [cell(reply, last.row, 'value', format)],
        )),
  ];
}

function seasonFindings(kind: 'month' | 'weekday', what: string, days: number, reply: Reply): Finding[] {
  const table = tableOf(reply);
  if (table === undefined) return [];
  const rows = table.rows.map((_, row) => {
    const at = (column: string) => numberAt(table, row, column) ?? 0;
    const error = Math.sqrt(at('sd') ** 2 / Math.max(1, at('n')) + at('other_sd') ** 2 / Math.max(1, at('other_n')));
    return { row, z: error > 0 ? (at('mean') - at('other_mean')) / error : 0 };
  });
  const best = rows.sort((a, b) => Math.abs(b.z) - Math.abs(a.z) || a.row - b.row)[0];
  if (best === undefined || Math.abs(best.z) < standsOut) {
    return finding('supporting', `No ${kind} stands out: over {0} days the means lie within what chance gives.`, [
      cell(reply, 0, 'all_days', asCount),
    ]);
  }
  const { row } = best;
  const of = ['mean', 'sd', 'n', 'other_mean', 'other_sd', 'other_n'].map((column) =>
    cell(reply, row, column, asDecimal),
  );
  const quantities = [
    of[0], of[3], derived('percentChange', [of[0], of[3]], asPercent),
    derived('meanDifferenceLow', of, asDecimal), derived('meanDifferenceHigh', of, asDecimal), cell(reply, row, 'n', asCount),
  ]; // prettier-ignore
  const once =
    kind === 'month' && days < 2 * daysForMonths ? ' It was seen in one year only, so it may be a single event.' : '';
  const statement = `${shown(cellAt(table, row, 'season'))} stands out among the ${kind}s: ${what} per day is {0} against {1} on the others ({2}; confidence interval of the difference {3} to {4}; days seen: {5}), with the trend taken out.${once}`;
  const chart = {
    kind: 'bars',
    title: `${what} per day by ${kind}`,
    call: reply.call,
    label: 'season',
    value: 'mean',
    format: asDecimal,
  } as const;
  return finding('key', statement, quantities, chart);
}

function headlineOf(dataset: string, replies: readonly Reply[], findings: readonly Finding[]): string {
  const table = replies[0] && tableOf(replies[0]);
  const low = table && numberAt(table, 0, 'low');
  const high = table && numberAt(table, 0, 'high');
  const season = findings.some(({ severity, statement }) => severity === 'key' && statement.includes('stands out'));
  const trend =
    low === undefined || high === undefined
      ? 'too little data for a trend'
      : low > 0
        ? 'a rising trend'
        : high < 0
          ? 'a falling trend'
          : 'no clear trend';
  return `${shown(dataset)} shows ${trend}${season ? ', and a season that stands out' : ''}.`;
}

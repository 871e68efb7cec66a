/** The outcome over time: its share by month among those who could have it then, and whether a month stands out. */
import type { Chart, Finding, Quantity } from '../../../analysis/evidence.ts';
import { cellAt, numberAt, type Table } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import { asCount, asPercent, asPoints, cell, derived, finding, quoted } from '../quantities.ts';
import type { Reply } from '../script.ts';
import { baseSql } from './base-sql.ts';
import type { Entity } from './entity.ts';
import { familyWiseError, normalQuantile } from './statistics.ts';

/** Months shown; of a longer time the last ones. */
const maxMonths = 60;
/** A few stray dates, such as a year 9999, must not stretch the time. */
const strayShare = 0.001;
/** A last month that ends before this day of it is not over yet and would look too low. */
const lastDayOfFullMonth = 25;
/** Fewest months from which the months of the year can be compared. */
const fullYear = 12;

/** By month of the calendar (`2024-12`), for the line; and by month of the year (`December`), for the season. */
export function monthSqls(entity: Entity): string[] {
  if (entity.time.kind === 'none') return [];
  const rates = `${baseSql(entity, [])},\n${ratesSql(entity)}`;
  const others = `sum(n) OVER () - n AS others_at_risk, sum(k) OVER () - k AS others_with_outcome`;
  const compared = (from: string): string =>
    `compared AS (SELECT *, ${others}, sum(k) OVER () / sum(n) OVER () AS p FROM ${from})`;
  return [
    `${rates},\n${compared(`(SELECT * FROM rates ORDER BY month DESC LIMIT ${maxMonths})`)}\n${comparedSql('month', `strftime(month, '%Y-%m') AS month`)}`,
    `${rates},\nseasons AS (SELECT month(month) AS season, sum(n) AS n, sum(k) AS k FROM rates GROUP BY 1),\n${compared('seasons')}\n${comparedSql('season', `strftime(make_date(2000, season::INT, 1), '%B') AS month, season::INT AS season`)}`,
  ];
}

/** Each month against all others: shares, and how many standard errors lie between. */
function comparedSql(order: string, labels: string): string {
  return `SELECT ${labels}, n::BIGINT AS at_risk, k::BIGINT AS with_outcome, round(k / n, 6) AS share, others_at_risk::BIGINT AS others_at_risk, others_with_outcome::BIGINT AS others_with_outcome,
  round((k / n - others_with_outcome / others_at_risk) / sqrt(p * (1 - p) * (1 / n + 1 / others_at_risk)), 3) AS z FROM compared ORDER BY ${order}`;
}

function ratesSql({ time }: Entity): string {
  if (time.kind !== 'span') {
    return `rates AS (SELECT date_trunc('month', s)::DATE AS month, count(*) AS n, sum(y) AS k FROM base WHERE s IS NOT NULL GROUP BY 1)`;
  }
  return `grouped AS (SELECT date_trunc('month', s)::DATE AS began, date_trunc('month', CASE WHEN y = 1 THEN d END)::DATE AS ended, count(*) AS n FROM base WHERE s IS NOT NULL GROUP BY 1, 2),
bounds AS (SELECT quantile_disc(s, ${strayShare}) AS first, greatest(quantile_disc(s, ${1 - strayShare}), quantile_disc(d, ${1 - strayShare})) AS last FROM base),
months AS (SELECT unnest(generate_series(date_trunc('month', first) + INTERVAL 1 MONTH, CASE WHEN day(last) >= ${lastDayOfFullMonth} THEN last ELSE last - INTERVAL 1 MONTH END, INTERVAL 1 MONTH))::DATE AS month FROM bounds),
rates AS (SELECT month, sum(n) AS n, coalesce(sum(n) FILTER (ended = month), 0) AS k FROM months JOIN grouped ON began < month AND coalesce(ended >= month, true) GROUP BY month)`;
}

/** What the months show: one that stands out, or that none does. */
export function monthFindings(entity: Entity, line: Reply | undefined, season: Reply | undefined): Finding[] {
  const months = line && tableOf(line);
  const seasons = season && tableOf(season);
  if (line === undefined || months === undefined || months.rows.length < 2) return [];
  const { noun } = entity.outcome.family;
  const share = `share of ${noun}${entity.time.kind === 'span' ? ' among those at risk' : ''}`;
  const title = `${capital(share)} by month`;
  const chart: Chart = { kind: 'line', title, call: line.call, label: 'month', value: 'share', format: asPercent };
  if (season !== undefined && seasons !== undefined && months.rows.length >= fullYear) {
    const row = outstanding(seasons);
    const found = row === undefined ? [] : seasonFinding(season, seasons, row, months, share, chart);
    if (found.length > 0) return found;
  }
  const row = outstanding(months);
  const [from, to] = [cellAt(months, 0, 'month'), cellAt(months, months.rows.length - 1, 'month')];
  if (row === undefined) {
    const text = `Over time no month stands out: the ${share} per month stays within what chance explains, from ${quoted(String(from))} to ${quoted(String(to))}.`;
    return [{ severity: 'supporting', statement: text, quantities: [], chart }];
  }
  const { words, quantities } = comparison(line, months, row);
  const text = `The month ${quoted(String(cellAt(months, row, 'month')))} stands out: the ${share} is {0} in it and {1} in the other months, ${words}.`;
  return finding('key', text, quantities, chart);
}

/** A month of the year that stands out; nothing when the data has it only once, for that is no season. */
function seasonFinding(
  season: Reply,
  seasons: Table,
  row: number,
  months: Table,
  share: string,
  chart: Chart,
): Finding[] {
  const name = String(cellAt(seasons, row, 'month'));
  const { words, quantities } = comparison(season, seasons, row);
  const higher = (numberAt(seasons, row, 'z') ?? 0) > 0;
  const years = yearsOf(months, numberAt(seasons, row, 'season') ?? 0, higher);
  if (years.all.length < 2) return [];
  const again =
    years.alike.length === years.all.length
      ? `It is so in every year of the data (${years.all.map(quoted).join(', ')}).`
      : `It is so only in ${years.alike.map(quoted).join(', ')}, not in every year.`;
  const text = `${quoted(name)} stands out: the ${share} is {0} a month in it and {1} in the other months, ${words}. ${again}`;
  return finding('key', text, quantities, chart);
}

function comparison(reply: Reply, table: Table, row: number): { words: string; quantities: (Quantity | undefined)[] } {
  const k = cell(reply, row, 'with_outcome', asCount);
  const n = cell(reply, row, 'at_risk', asCount);
  const otherK = cell(reply, row, 'others_with_outcome', asCount);
  const otherN = cell(reply, row, 'others_at_risk', asCount);
  const inIt = derived('share', [k, n], { style: 'percent', digits: 2 });
  const elsewhere = derived('share', [otherK, otherN], { style: 'percent', digits: 2 });
  const higher = (numberAt(table, row, 'z') ?? 0) > 0;
  const change = higher
    ? derived('percentChange', [inIt, elsewhere], asPercent)
    : derived('ratio', [inIt, elsewhere], asPercent);
  const all = [k, n, otherK, otherN];
  return {
    words: `${higher ? 'which is {2} more' : 'only {2} of it'} (difference {3}, confidence interval {4} to {5})`,
    quantities: [
      inIt,
      elsewhere,
      change,
      derived('shareDifference', all, asPoints),
      derived('shareDifferenceLow', all, asPoints),
      derived('shareDifferenceHigh', all, asPoints),
    ],
  };
}

/** The row whose month differs most, if by more than chance explains when all months are looked at. */
function outstanding(table: Table): number | undefined {
  const rows = table.rows.map((_, row) => ({ row, z: Math.abs(numberAt(table, row, 'z') ?? 0) }));
  const best = rows.toSorted((a, b) => b.z - a.z)[0];
  const enough = normalQuantile(1 - familyWiseError / 2 / Math.max(1, rows.length));
  return best !== undefined && best.z > enough ? best.row : undefined;
}

/** In which years the month lies on the same side of the rest. */
function yearsOf(months: Table, month: number, higher: boolean): { all: string[]; alike: string[] } {
  const rows = months.rows
    .map((_, row) => ({ month: String(cellAt(months, row, 'month')), z: numberAt(months, row, 'z') ?? 0 }))
    .filter((entry) => Number(entry.month.slice(5, 7)) === month);
  return {
    all: rows.map((entry) => entry.month),
    alike: rows.filter(({ z }) => z > 0 === higher).map((entry) => entry.month),
  };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The SQL of a time series: gaps filled with zero, incomplete edges marked, slope and seasons computed by the engine. */
import { ident } from './sql.ts';

export type Grain = 'day' | 'week' | 'month';

export type Series = {
  readonly source: string;
  readonly date: string;
  /** The column that is summed; rows are counted when there is none. */
  readonly value: string | undefined;
  /** Mean instead of sum; a period without rows is then left out, not zero. */
  readonly average: boolean;
  readonly grain: Grain;
};

/** Most periods in one result: the newest ones. */
const maxPeriods = 120;

export function spanSql(source: string, date: string): string {
  const d = ident(date);
  return `SELECT count(${d}) AS "rows", min(${d})::DATE::VARCHAR AS earliest, max(${d})::DATE::VARCHAR AS latest, (max(${d})::DATE - min(${d})::DATE + 1)::BIGINT AS days FROM ${source}`;
}

/** Sums per bucket for every bucket between the first and the last date. */
function buckets({ source, date, value, average }: Series, grain: Grain): string {
  const d = ident(date);
  const v = value === undefined ? 'count(*)::DOUBLE' : `round(${average ? 'avg' : 'sum'}(${ident(value)}::DOUBLE), 6)`;
  const filled = average ? 'x.value' : 'coalesce(x.value, 0)';
  return (
    `seen AS (SELECT date_trunc('${grain}', ${d})::DATE AS period, ${v} AS value FROM ${source} WHERE ${d} IS NOT NULL GROUP BY 1), ` +
    `edge AS (SELECT min(${d})::DATE AS first_day, max(${d})::DATE AS last_day FROM ${source}), ` +
    `axis AS (SELECT unnest(generate_series((SELECT min(period) FROM seen)::TIMESTAMP, (SELECT max(period) FROM seen)::TIMESTAMP, INTERVAL 1 ${grain}))::DATE AS period), ` +
    `series AS (SELECT a.period, ${filled} AS value, a.period >= e.first_day AND (a.period + INTERVAL 1 ${grain})::DATE - 1 <= e.last_day AS complete ` +
    `FROM axis a CROSS JOIN edge e LEFT JOIN seen x ON x.period = a.period)`
  );
}

export function seriesSql(series: Series): string {
  return (
    `WITH ${buckets(series, series.grain)}, newest AS (SELECT * FROM series ORDER BY period DESC LIMIT ${maxPeriods}) ` +
    `SELECT period::VARCHAR AS period, value, complete FROM newest ORDER BY period`
  );
}

/**
 * Least squares over complete periods. The factor of the interval approximates Student's t closely from three degrees
 * of freedom on.
 */
export function slopeSql(series: Series): string {
  return (
    `WITH ${buckets(series, series.grain)}, points AS (SELECT row_number() OVER (ORDER BY period) AS x, value AS y FROM series WHERE complete AND value IS NOT NULL), ` +
    `fit AS (SELECT count(*) AS n, avg(y) AS mean, regr_slope(y, x) AS slope, regr_sxx(y, x) AS sxx, regr_syy(y, x) AS syy, regr_sxy(y, x) AS sxy FROM points), ` +
    `err AS (SELECT *, CASE WHEN n > 3 AND sxx > 0 THEN sqrt(greatest(syy - sxy * sxy / sxx, 0) / (n - 2) / sxx) * (1.96 + 2.4 / (n - 2) + 3.5 / ((n - 2) * (n - 2))) END AS half FROM fit) ` +
    `SELECT n AS periods, round(mean, 9) AS mean, round(slope, 9) AS slope, round(slope - half, 9) AS low, round(slope + half, 9) AS high FROM err`
  );
}

/**
 * Daily values by month of the year or by weekday, each against all other days. The straight trend is taken out first,
 * else the last months of growing data would pass for a season.
 */
export function seasonSql(series: Series, by: 'month' | 'weekday'): string {
  const [key, name] = by === 'month' ? ['month(period)', 'monthname(period)'] : ['isodow(period)', 'dayname(period)'];
  return (
    `WITH ${buckets(series, 'day')}, points AS (SELECT ${key} AS k, ${name} AS season, row_number() OVER (ORDER BY period) AS x, value FROM series WHERE value IS NOT NULL), ` +
    `line AS (SELECT coalesce(regr_slope(value, x), 0) AS slope, avg(x) AS centre FROM points), ` +
    `days AS (SELECT k, season, value - slope * (x - centre) AS y FROM points CROSS JOIN line), ` +
    `groups AS (SELECT DISTINCT k, season FROM days) ` +
    `SELECT g.season, round(avg(y) FILTER (WHERE d.k = g.k), 9) AS mean, round(stddev_samp(y) FILTER (WHERE d.k = g.k), 9) AS sd, count(*) FILTER (WHERE d.k = g.k) AS n, ` +
    `round(avg(y) FILTER (WHERE d.k <> g.k), 9) AS other_mean, round(stddev_samp(y) FILTER (WHERE d.k <> g.k), 9) AS other_sd, count(*) FILTER (WHERE d.k <> g.k) AS other_n, ` +
    `count(*) AS all_days FROM groups g CROSS JOIN days d GROUP BY g.k, g.season ORDER BY g.k`
  );
}

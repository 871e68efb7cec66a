/** The SQL of a comparison: one row per side, and the difference of the two sides by the segments of a column. */
import type { DatasetInfo } from './catalog.ts';
import { ident, literal } from './sql.ts';

export type Sides = {
  readonly dataset: DatasetInfo;
  /** What stands after FROM. */
  readonly source: string;
  /** The column that tells the sides apart. */
  readonly column: string;
  /** The column is a date and the sides are periods of it. */
  readonly isPeriod: boolean;
  readonly a: string;
  readonly b: string;
  readonly isA: string;
  readonly isB: string;
  /** The number compared; rows are counted when there is none. */
  readonly value: string | undefined;
  /** A yes/no column compared as a share instead. */
  readonly outcome: string | undefined;
};

/** Segments listed per column. */
const maxSegments = 12;

export function sideSql(sides: Sides): string {
  return eachSide(sides, (condition) => {
    const d = ident(sides.column);
    const range = `min(${d}) FILTER (WHERE ${condition})::DATE::VARCHAR AS earliest, max(${d}) FILTER (WHERE ${condition})::DATE::VARCHAR AS latest, `;
    const dates = sides.isPeriod ? range : '';
    if (sides.value === undefined) return `${dates}count(*) FILTER (WHERE ${condition}) AS "rows"`;
    const v = `${ident(sides.value)}::DOUBLE`;
    const only = `FILTER (WHERE ${condition})`;
    return (
      `${dates}count(*) ${only} AS "rows", count(${ident(sides.value)}) ${only} AS filled, round(avg(${v}) ${only}, 9) AS mean, ` +
      `round(stddev_samp(${v}) ${only}, 9) AS stddev, round(coalesce(sum(${v}) ${only}, 0), 6) AS total`
    );
  });
}

export function outcomeSql(sides: Sides): string {
  const o = ident(sides.outcome ?? '');
  return eachSide(
    sides,
    (condition) =>
      `count(*) FILTER (WHERE ${condition}) AS "rows", count(${o}) FILTER (WHERE ${condition}) AS filled, count(*) FILTER (WHERE ${condition} AND ${o}) AS hits`,
  );
}

export function segmentSql(sides: Sides, segment: string): string {
  const s = ident(segment);
  const sum = (condition: string) => {
    if (sides.outcome !== undefined) return `count(*) FILTER (WHERE ${condition} AND ${ident(sides.outcome)})`;
    if (sides.value === undefined) return `count(*) FILTER (WHERE ${condition})`;
    return `round(coalesce(sum(${ident(sides.value)}::DOUBLE) FILTER (WHERE ${condition}), 0), 6)`;
  };
  return (
    `SELECT segment, a, b, b - a AS change, abs(b - a) AS moved, count(*) OVER () AS segments FROM (SELECT CAST(${s} AS VARCHAR) AS segment, ${sum(sides.isA)} AS a, ${sum(sides.isB)} AS b ` +
    `FROM ${sides.source} WHERE ${s} IS NOT NULL GROUP BY 1) ORDER BY moved DESC, segment LIMIT ${maxSegments}`
  );
}

function eachSide(sides: Sides, columns: (condition: string) => string): string {
  const one = (place: number, name: string, condition: string) =>
    `SELECT ${place} AS place, ${literal(name)} AS side, ${columns(condition)} FROM ${sides.source}`;
  return `${one(0, sides.a, sides.isA)} UNION ALL ${one(1, sides.b, sides.isB)} ORDER BY place`;
}

/** The outcome by level of one driver: one small result per driver, which its sentence and its chart are made of. */
import { cellAt, numberAt } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import type { Reply } from '../script.ts';
import { baseSql, levelSql, quantilesSql } from './base-sql.ts';
import type { Entity } from './entity.ts';
import type { Tested } from './screen.ts';
import type { Variable } from './variables.ts';

export type LevelRow = {
  readonly row: number;
  readonly level: string;
  /** The level as the pair query knows it: the bin of a number, the value of a category. */
  readonly bin: string;
  readonly rows: number;
  readonly share: number;
};

export type Driver = Tested & {
  readonly levels: Reply;
  readonly all: readonly LevelRow[];
  readonly high: LevelRow;
  readonly low: LevelRow;
};

/** Levels shown; of more, those with most rows. */
const maxShownLevels = 12;
/** Levels with fewer rows are not used for the comparison when larger ones are there. */
const fewestRows = 30;
const fewestShare = 0.01;

export function levelsSql(entity: Entity, variable: Variable): string {
  const { id } = variable;
  const window = variable.landmark && entity.time.kind === 'span' ? `, ${entity.time.windowDays} AS window_days` : '';
  const counted = `count(*) AS rows, sum(y)::BIGINT AS with_outcome, avg(y) AS share${window}`;
  const start = `${baseSql(entity, [variable])},\n${quantilesSql([variable])},\n`;
  const bin = levelSql(variable, id, `q${id}`);
  if (variable.kind === 'category') {
    return `${start}cut AS (SELECT ${bin} AS level, y FROM base)
SELECT level, level AS bin, rows, with_outcome, share${window === '' ? '' : ', window_days'} FROM (SELECT level, ${counted} FROM cut WHERE level IS NOT NULL GROUP BY level
  ORDER BY rows DESC, level LIMIT ${maxShownLevels}) ORDER BY share DESC, level`;
  }
  const range = `CASE WHEN min(x) = max(x) THEN ${numberText('min(x)')} ELSE ${numberText('min(x)')} || ' to ' || ${numberText('max(x)')} END`;
  const label =
    variable.kind === 'count' ? `CASE WHEN bin = '3' AND any_value(few) THEN '3 or more' ELSE ${range} END` : range;
  const few = variable.kind === 'count' ? `, q${id}[4] <= 4 AS few` : '';
  return `${start}cut AS (SELECT ${bin} AS bin, ${id} AS x, y${few} FROM base, q WHERE isfinite(${id}))
SELECT ${label} AS level, bin, ${counted} FROM cut GROUP BY bin ORDER BY bin`;
}

/** A driver with the two levels that are compared; undefined when there are no two. */
export function driverOf(tested: Tested, reply: Reply | undefined): Driver | undefined {
  const table = reply && tableOf(reply);
  if (table === undefined) return undefined;
  const all = table.rows.map((_, row): LevelRow => ({
    row,
    level: String(cellAt(table, row, 'level')),
    bin: String(cellAt(table, row, 'bin')),
    rows: numberAt(table, row, 'rows') ?? 0,
    share: numberAt(table, row, 'share') ?? 0,
  }));
  const total = all.reduce((sum, { rows }) => sum + rows, 0);
  const large = all.filter(({ rows }) => rows >= Math.max(fewestRows, fewestShare * total));
  const compared = (large.length >= 2 ? large : all).toSorted((a, b) => b.share - a.share);
  const [high, low] = [compared[0], compared.at(-1)];
  if (reply === undefined || high === undefined || low === undefined || high === low) return undefined;
  return { ...tested, levels: reply, all, high, low };
}

function numberText(value: string): string {
  return `CASE WHEN abs(${value}) >= 100 OR ${value} = round(${value}) THEN round(${value})::BIGINT::VARCHAR WHEN abs(${value}) >= 1 THEN round(${value}, 2)::VARCHAR ELSE round(${value}, 4)::VARCHAR END`;
}

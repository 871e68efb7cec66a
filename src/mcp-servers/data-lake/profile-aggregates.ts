/** The aggregates of a profile: all columns in one scan. */
import type { Column } from './cells.ts';
import { quoted } from './identifiers.ts';
import { limits } from './limits.ts';

/** What a profile needs to know of a dataset. `rows` is null when unknown. */
export type ProfiledDataset = { readonly name: string; readonly rows: number | null };

/** Non-null count, distinct, min, max, mean, stddev, three quartiles, shortest, longest, numeric texts. */
export const aggregatesPerColumn = 12;

/** One row: count(*), then `aggregatesPerColumn` cells for each column. */
export function aggregateStatement(dataset: ProfiledDataset, columns: readonly Column[], isExact: boolean): string {
  const cells = columns.flatMap((column) => aggregatesOf(column, isExact));
  return `SELECT count(*), ${cells.join(', ')} FROM ${quoted(dataset.name)}`;
}

export function isText({ type }: Column): boolean {
  return type === 'VARCHAR' || type === 'JSON' || type.startsWith('ENUM');
}

function aggregatesOf(column: Column, isExact: boolean): string[] {
  const name = quoted(column.name);
  const distinct = isExact ? `count(DISTINCT ${name})` : `least(approx_count_distinct(${name}), count(${name}))`;
  const text = `${name}::VARCHAR`;
  const extremes = isOrdered(column)
    ? [
        `left(min(${name})::VARCHAR, ${limits.profileTextChars})`,
        `left(max(${name})::VARCHAR, ${limits.profileTextChars})`,
      ]
    : ['NULL', 'NULL'];
  const lengths = isText(column) ? [`min(length(${text}))`, `max(length(${text}))`] : ['NULL', 'NULL'];
  const numericText = isText(column)
    ? `count(CASE WHEN regexp_full_match(${text}, '${numberPattern}') THEN 1 END)`
    : 'NULL';
  return [`count(${name})`, distinct, ...extremes, ...numbersOf(column, isExact), ...lengths, numericText];
}

/** What a person would call a number: no hexadecimal, no `nan`, no thousands separators. */
const numberPattern = '\\s*[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?\\s*';

function numbersOf(column: Column, isExact: boolean): string[] {
  const isBoolean = column.type === 'BOOLEAN';
  if (!isBoolean && !isNumeric(column)) return ['NULL', 'NULL', 'NULL', 'NULL', 'NULL'];
  const value = isBoolean ? `${quoted(column.name)}::TINYINT::DOUBLE` : `${quoted(column.name)}::DOUBLE`;
  // NaN and infinities would swallow every mean; beyond 1e150 the square of a value overflows. CASE and not FILTER:
  // the time DuckDB takes grows with the square of the number of filtered aggregates.
  const finite = `CASE WHEN isfinite(${value}) THEN ${value} END`;
  const squarable = `CASE WHEN isfinite(${value}) AND abs(${value}) < 1e150 THEN ${value} END`;
  const quartiles = `${isExact ? 'quantile_cont' : 'approx_quantile'}(${finite}, [0.25, 0.5, 0.75])`;
  return [`avg(${finite})`, `stddev_samp(${squarable})`, ...[1, 2, 3].map((at) => `${quartiles}[${at}]`)];
}

function isNumeric({ type }: Column): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|BIGNUM|FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type);
}

function isOrdered({ type }: Column): boolean {
  return (
    !/[[(]|^(BLOB|VARIANT|GEOMETRY|BIT)|^MAP|^STRUCT|^UNION/.test(type) ||
    type.startsWith('DECIMAL') ||
    type.startsWith('ENUM')
  );
}

/** A measure of a table as one SQL aggregate. */
import type { Measure } from './check.ts';
import type { Parts } from './prepared-check.ts';
import type { Dialect, Operand } from './dialect.ts';

/** Text is read as numbers where it can be; `NULL` rows are left out, as SQL does. */
export function aggregateOf(
  dialect: Dialect,
  measure: Measure,
  operandOf: (column: string) => Operand,
  filter: string | undefined,
): string {
  if (measure.kind === 'rowCount') return dialect.filtered('count(*)', filter);
  const operand = operandOf(measure.column);
  const { sql, kind } = operand;
  switch (measure.kind) {
    case 'distinctCount':
      return dialect.countDistinct([sql], filter);
    case 'nullPercent': {
      const [rows, values] = [dialect.filtered('count(*)', filter), dialect.filtered(`count(${sql})`, filter)];
      return `100.0 * (${rows} - ${values}) / nullif(${rows}, 0)`;
    }
    case 'age':
      return newestOrOldest(dialect, 'max', operand, filter);
    case 'average':
      return dialect.filtered(`avg(${numberOf(dialect, operand)})`, filter);
    case 'sum':
      return dialect.filtered(`sum(${numberOf(dialect, operand)})`, filter);
    case 'stddev':
      return dialect.filtered(dialect.stddev(numberOf(dialect, operand)), filter);
    case 'quantile':
      return dialect.filtered(dialect.quantile(numberOf(dialect, operand), measure.quantile), filter);
    case 'minimum':
      return dialect.filtered(`min(${kind === 'text' ? numberOf(dialect, operand) : sql})`, filter);
    case 'maximum':
      return dialect.filtered(`max(${kind === 'text' ? numberOf(dialect, operand) : sql})`, filter);
  }
}

/** How the measure follows from those of parts of the table; undefined for one that needs all rows at once. */
export function partsOf(
  dialect: Dialect,
  measure: Measure,
  operandOf: (column: string) => Operand,
  filter: string | undefined,
): Parts | undefined {
  const count = dialect.filtered('count(*)', filter);
  switch (measure.kind) {
    case 'rowCount':
    case 'sum':
      return { kind: 'merged', by: 'add' };
    case 'minimum':
      return { kind: 'merged', by: 'least' };
    case 'maximum':
    case 'age':
      return { kind: 'merged', by: 'greatest' };
    case 'average': {
      const number = numberOf(dialect, operandOf(measure.column));
      const sum = dialect.filtered(`sum(${number})`, filter);
      return { kind: 'ratio', factor: 1, over: { plus: sum }, under: dialect.filtered(`count(${number})`, filter) };
    }
    case 'nullPercent': {
      const values = dialect.filtered(`count(${operandOf(measure.column).sql})`, filter);
      return { kind: 'ratio', factor: 100, over: { plus: count, minus: values }, under: count };
    }
    case 'distinctCount':
    case 'stddev':
    case 'quantile':
      return undefined;
  }
}

/** Seconds since 1970 of the greatest or the smallest moment; how old that is depends on the data interval. */
export function newestOrOldest(
  dialect: Dialect,
  which: 'max' | 'min',
  { sql, kind }: Operand,
  filter: string | undefined,
): string {
  return dialect.epochSeconds(dialect.filtered(`${which}(${dialect.read(sql, kind, 'timestamp')})`, filter));
}

function numberOf(dialect: Dialect, { sql, kind }: Operand): string {
  const isNumeric = kind === 'integer' || kind === 'decimal' || kind === 'float';
  return isNumeric ? sql : dialect.read(sql, kind, 'float');
}

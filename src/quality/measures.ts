/** A measure of a table as one SQL aggregate. */
import type { Measure } from './check.ts';
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

function numberOf(dialect: Dialect, { sql, kind }: Operand): string {
  const isNumeric = kind === 'integer' || kind === 'decimal' || kind === 'float';
  return isNumeric ? sql : dialect.read(sql, kind, 'float');
}

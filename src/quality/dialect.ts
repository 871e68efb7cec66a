/** What an engine's SQL must be able to say for checks to run on it; a new engine adds one of these and nothing else. */

/** What a column's own type means for how its values are compared. */
export type ColumnKind =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'time'
  | 'list'
  | 'other';

/** A column as the source has it. */
export type SourceColumn = { readonly name: string; readonly type: string };

/** A column as SQL, with what its type means. */
export type Operand = { readonly sql: string; readonly kind: ColumnKind };

export type Period = 'hour' | 'day' | 'week' | 'month';

/** All arguments and results are SQL texts; conditions are NULL, never an error, where a value cannot be read. */
export interface Dialect {
  readonly name: string;
  kindOf(type: string): ColumnKind;
  identifier(name: string): string;
  text(value: string): string;
  /** A number literal to compare a column of this kind with; floating point only where the engine has no such decimal. */
  number(value: string, kind: ColumnKind): string;
  /** The aggregate that counts the rows for which the condition is true. */
  countIf(condition: string): string;
  /** An aggregate over the rows for which the condition is true only. */
  filtered(aggregate: string, condition: string | undefined): string;
  countDistinct(values: readonly string[], condition: string | undefined): string;
  asText(value: string, kind: ColumnKind): string;
  /** True when `value`, read as a decimal, fulfils what `test` makes of it; NULL when it is no number. */
  decimalTest(
    value: string,
    kind: ColumnKind,
    test: (decimal: string, literal: (number: string) => string) => string,
  ): string;
  isNaN(value: string): string;
  /** Neither NaN nor infinite. */
  isFinite(value: string): string;
  /** The value as this type, or NULL. Timestamps without a zone are UTC. */
  read(value: string, kind: ColumnKind, as: 'date' | 'timestamp' | 'time' | 'float'): string;
  literalOf(value: string, as: 'date' | 'timestamp' | 'time'): string;
  /** Whether the RE2 pattern is found in the text. */
  matches(text: string, pattern: string): string;
  isBlank(text: string): string;
  isJson(text: string): string;
  /** Text read with the letters of the ODCS (`yyyy-MM-dd HH:mm:ss`) gives the same text again; NULL for NULL only. */
  isWrittenAs(text: string, format: string): string;
  length(value: string, kind: ColumnKind): string;
  /** Not equal to itself rounded down, or the rest of a division: for decimals. */
  rest(decimal: string, divisor: string): string;
  /** Seconds since 1970 as a float. */
  epochSeconds(value: string): string;
  /** Whole steps since 1970. */
  dayNumber(value: string): string;
  hourNumber(value: string): string;
  /** The first moment of the period a date or timestamp lies in, as ISO text; weeks begin on Monday. */
  periodStart(moment: string, kind: ColumnKind, period: Period): string;
  /** Whether a row of these values is in this one of so many parts, always in the same one. */
  isInSlice(values: readonly string[], slices: number, slice: number): string;
  stddev(value: string): string;
  quantile(value: string, quantile: number): string;
  /** A statement with rows (n, value): the number of values, and the value at each level, in their order. */
  quantileRows(value: string, levels: readonly number[], from: string): string;
}

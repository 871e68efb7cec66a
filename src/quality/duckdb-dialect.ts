/** How DuckDB says what checks need. */
import type { ColumnKind, Dialect } from './dialect.ts';

/** Read one after the other: first exact to 18 places, then whole numbers of up to 38 digits, then what only a float can hold. */
const decimalTypes = ['DECIMAL(38,18)', 'DECIMAL(38,0)', 'DOUBLE'];

const kinds: readonly (readonly [RegExp, ColumnKind])[] = [
  [/\[\d*\]$/, 'list'],
  [/^(VARCHAR|CHAR|BPCHAR|TEXT|STRING|ENUM|UUID|JSON)/i, 'text'],
  [/^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|BIGNUM)$/i, 'integer'],
  [/^DECIMAL/i, 'decimal'],
  [/^(FLOAT|DOUBLE|REAL)$/i, 'float'],
  [/^BOOL/i, 'boolean'],
  [/^DATE$/i, 'date'],
  [/^TIMESTAMP WITH TIME ZONE$|^TIMESTAMPTZ$/i, 'timestamptz'],
  [/^TIMESTAMP/i, 'timestamp'],
  [/^TIME/i, 'time'],
];

/** Digits before the point of the exact type. */
const maxWholeDigits = 20;

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

export const duckdbDialect: Dialect = {
  name: 'duckdb',
  kindOf: (type) => kinds.find(([pattern]) => pattern.test(type.trim()))?.[1] ?? 'other',
  identifier,
  text,
  number: (value, kind) => {
    const isPlain = /^-?\d+(\.\d+)?$/.test(value);
    // DuckDB would read it as a decimal as wide as the column's, which has no place for it.
    const isWide = kind === 'decimal' && value.replace(/^-|\..*$/g, '').length > maxWholeDigits;
    return isPlain && !isWide ? value : `CAST(${text(value)} AS DOUBLE)`;
  },
  // A fifth quicker for a whole scan than count(*) with a filter, which makes a selection of the rows each time.
  countIf: (condition) => `count_if(${condition})`,
  filtered: (aggregate, condition) =>
    condition === undefined ? aggregate : `${aggregate} FILTER (WHERE ${condition})`,
  countDistinct(values, condition) {
    const what = values.length === 1 ? values[0]! : `(${values.join(', ')})`;
    return this.filtered(`count(DISTINCT ${what})`, condition);
  },
  asText: (value) => `CAST(${value} AS VARCHAR)`,
  decimalTest(value, kind, test) {
    if (kind === 'integer' || kind === 'decimal' || kind === 'float') {
      return test(value, (number) => duckdbDialect.number(number, kind));
    }
    const reading = decimalTypes.map((type) =>
      test(`TRY_CAST(${value} AS ${type})`, (number) => `TRY_CAST(${text(number)} AS ${type})`),
    );
    // TRY_CAST takes what it can of a text; only what is written as a number is one.
    return `CASE WHEN regexp_full_match(trim(CAST(${value} AS VARCHAR)), ${text(numberPattern)}) THEN coalesce(${reading.join(', ')}) END`;
  },
  isNaN: (value) => `isnan(${value})`,
  isFinite: (value) => `isfinite(${value})`,
  read(value, kind, as) {
    if (as === 'float') return kind === 'float' ? value : `TRY_CAST(${value} AS DOUBLE)`;
    if (as === kind) return value;
    if (as === 'timestamp' && kind === 'timestamptz') return `(${value} AT TIME ZONE 'UTC')`;
    // A text with a zone must be read as such, or the zone would be dropped.
    if (as === 'timestamp' && kind === 'text') return `(TRY_CAST(${value} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')`;
    return `TRY_CAST(${value} AS ${as.toUpperCase()})`;
  },
  literalOf: (value, as) =>
    as === 'timestamp'
      ? `(CAST(${text(value)} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')`
      : `CAST(${text(value)} AS ${as.toUpperCase()})`,
  matches: (value, pattern) => {
    const inner = wholePattern.exec(pattern)?.[1];
    return inner === undefined
      ? `regexp_matches(${value}, ${text(pattern)})`
      : `regexp_full_match(${value}, ${text(inner)})`;
  },
  isBlank: (value) => `regexp_full_match(${value}, '[\\s\\p{Z}\\x{FEFF}\\x{200B}]*')`,
  isJson: (value) => `json_valid(${value})`,
  isWrittenAs(value, format) {
    const pattern = text(strptimeOf(format));
    return `(${value} IS NOT NULL AND coalesce(strftime(try_strptime(${value}, ${pattern}), ${pattern}) = ${value}, false))`;
  },
  length: (value, kind) =>
    kind === 'list' ? `len(${value})` : `length(${kind === 'text' ? value : `CAST(${value} AS VARCHAR)`})`,
  rest: (decimal, divisor) => `(CAST(${decimal} AS DECIMAL(38,18)) % CAST(${divisor} AS DECIMAL(38,18)))`,
  epochSeconds: (value) => `epoch(${value})`,
  dayNumber: (value) => `date_diff('day', DATE '1970-01-01', CAST(${value} AS DATE))`,
  hourNumber: (value) => `date_diff('hour', TIMESTAMP '1970-01-01', ${value})`,
  periodStart(moment, kind, period) {
    const format = period === 'hour' ? '%Y-%m-%dT%H:00' : '%Y-%m-%d';
    return `strftime(date_trunc(${text(period)}, ${this.read(moment, kind, 'timestamp')}), ${text(format)})`;
  },
  isInSlice: (values, slices, slice) => `hash(${values.join(', ')}) % ${slices} = ${slice}`,
  stddev: (value) => `stddev_samp(${value})`,
  quantile: (value, quantile) => `quantile_cont(${value}, ${quantile})`,
  quantileRows: (value, levels, from) =>
    `SELECT n, unnest(levels) AS value FROM (SELECT count(*) AS n, quantile_cont(CAST(${value} AS DOUBLE), [${levels.join(', ')}]) AS levels ${from}) AS measured`,
};

/** Anchored at both ends, without an alternative that could be outside of them: matching it whole spares the engine the search. */
const wholePattern = /^\^([^|]*[^|\\])\$$/;

const numberPattern = '[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?|[+-]?(?i:nan|inf|infinity)';

/** Longest first, so that `MM` is not read as two `M`. */
const letters: readonly (readonly [RegExp, string])[] = [
  [/^yyyy/, '%Y'],
  [/^yy/, '%y'],
  [/^MMMM/, '%B'],
  [/^MMM/, '%b'],
  [/^MM/, '%m'],
  [/^M/, '%-m'],
  [/^dd/, '%d'],
  [/^d/, '%-d'],
  [/^HH/, '%H'],
  [/^H/, '%-H'],
  [/^hh/, '%I'],
  [/^mm/, '%M'],
  [/^ss/, '%S'],
  [/^SSSSSS/, '%f'],
  [/^SSS/, '%g'],
  [/^a/, '%p'],
  [/^(?:X{3}|x{3}|Z)/, '%z'],
  [/^'([^']*)'/, '$1'],
  [/^%/, '%%'],
];

function strptimeOf(format: string): string {
  let rest = format;
  let made = '';
  while (rest !== '') {
    const known = letters.find(([pattern]) => pattern.test(rest));
    const taken = known === undefined ? rest[0]! : known[0].exec(rest)![0];
    made += known === undefined ? taken : taken.replace(known[0], known[1]);
    rest = rest.slice(taken.length);
  }
  return made;
}

/** When a row violates a check, as an SQL condition over that row alone: false or NULL where it does not. */
import type { RowCheck } from './check.ts';
import { isNumber } from './decimal.ts';
import type { ColumnKind, Dialect, Operand } from './dialect.ts';
import { formatCodes, formatPatterns, personalPatterns } from './formats.ts';
import { typeViolation } from './type-conditions.ts';
import { rangeViolation } from './range-conditions.ts';

type SingleColumnCheck = Extract<RowCheck, { column: string }>;

/** Those whose violation shows in one row; the others need the whole table, or another one. */
export type ConditionCheck = Exclude<SingleColumnCheck, { kind: 'functionalDependency' }>;

export function violation(dialect: Dialect, check: ConditionCheck, operand: Operand): string {
  const { sql, kind } = operand;
  const text = dialect.asText(sql, kind);
  switch (check.kind) {
    case 'nullValues':
      return `${sql} IS NULL`;
    case 'missingValues': {
      const listed = check.values.some((value) => value !== null) ? [isAmong(dialect, check.values, operand)] : [];
      const blank = check.blank && kind === 'text' ? [dialect.isBlank(text)] : [];
      return `(${[`${sql} IS NULL`, ...listed, ...blank].join(' OR ')})`;
    }
    case 'acceptedValues': {
      const plain = plainValues(dialect, check.values, operand);
      if (plain !== undefined) return `${sql} ${check.refused ? 'IN' : 'NOT IN'} (${plain.join(', ')})`;
      const among = isAmong(dialect, check.values, operand);
      return check.refused ? among : `(${sql} IS NOT NULL AND NOT ${among})`;
    }
    case 'pattern':
      return check.refused ? dialect.matches(text, check.pattern) : `NOT ${dialect.matches(text, check.pattern)}`;
    case 'format':
      return formatViolation(dialect, check.format, operand);
    case 'range':
      return rangeViolation(dialect, check, operand);
    case 'length': {
      const length = dialect.length(sql, kind);
      const bounds = [
        ...(check.minimum === undefined ? [] : [`${length} < ${check.minimum}`]),
        ...(check.maximum === undefined ? [] : [`${length} > ${check.maximum}`]),
      ];
      return bounds.length === 0 ? 'false' : `(${bounds.join(' OR ')})`;
    }
    case 'typeConformity':
      return typeViolation(dialect, check, operand);
    case 'personalData':
      return `(${personalPatterns.map((pattern) => dialect.matches(text, pattern)).join(' OR ')})`;
  }
}

/** Where the engine compares the values as they are; undefined where some of them have to be read first. */
function plainValues(
  dialect: Dialect,
  values: readonly (string | number | boolean | null)[],
  { kind }: Operand,
): readonly string[] | undefined {
  const given = values.filter((value) => value !== null);
  if (given.length === 0 || kind !== 'text' || given.some((value) => typeof value === 'number')) return undefined;
  return given.map((value) => dialect.text(String(value)));
}

/** Never NULL: a value that is no number is among no numbers. */
function isAmong(
  dialect: Dialect,
  values: readonly (string | number | boolean | null)[],
  { sql, kind }: Operand,
): string {
  const given = values.filter((value) => value !== null);
  const isNumeric = kind === 'integer' || kind === 'decimal' || kind === 'float';
  const numbers = given
    .filter((value) => typeof value === 'number' || (isNumeric && isNumber(String(value))))
    .map(String);
  const moments = given.filter((value) => typeof value === 'string').map((value) => dialect.text(value));
  const texts = isNumeric
    ? []
    : given.filter((value) => typeof value !== 'number').map((value) => dialect.text(String(value)));
  const parts: string[] = [];
  if (numbers.length > 0) {
    parts.push(
      `coalesce(${dialect.decimalTest(sql, kind, (decimal, literal) => `${decimal} IN (${numbers.map(literal).join(', ')})`)}, false)`,
    );
  }
  if ((kind === 'timestamp' || kind === 'timestamptz') && moments.length > 0) {
    const own = dialect.read(sql, kind, 'timestamp');
    const read = moments.map((moment) => dialect.read(moment, 'text', 'timestamp'));
    parts.push(`coalesce(${read.map((moment) => `${own} = ${moment}`).join(' OR ')}, false)`);
  } else if (texts.length > 0) {
    parts.push(`coalesce(${dialect.asText(sql, kind)} IN (${texts.join(', ')}), false)`);
  }
  return parts.length === 0 ? 'false' : `(${parts.join(' OR ')})`;
}

type FormatCheck = Extract<ConditionCheck, { kind: 'format' }>;

function formatViolation(dialect: Dialect, format: FormatCheck['format'], { sql, kind }: Operand): string {
  const text = dialect.asText(sql, kind);
  switch (format) {
    case 'country':
    case 'currency':
    case 'language':
    case 'usState':
      return `${text} NOT IN (${formatCodes[format].map((code) => dialect.text(code)).join(', ')})`;
    case 'json':
      return `NOT ${dialect.isJson(text)}`;
    case 'integer':
    case 'number':
    case 'boolean':
    case 'date':
    case 'timestamp':
    case 'time':
      return isAlready(format, kind) ? 'false' : `(${text} IS NOT NULL AND NOT ${conforms(dialect, format, text)})`;
    default:
      return `NOT ${dialect.matches(text, formatPatterns[format])}`;
  }
}

function isAlready(format: string, kind: ColumnKind): boolean {
  if (format === 'integer') return kind === 'integer';
  if (format === 'number') return kind === 'integer' || kind === 'decimal';
  if (format === 'timestamp') return kind === 'timestamp' || kind === 'timestamptz';
  return format === kind;
}

/** By its look, and for days and moments also by being one: 30 February is none. */
function conforms(
  dialect: Dialect,
  format: 'integer' | 'number' | 'boolean' | 'date' | 'timestamp' | 'time',
  text: string,
): string {
  const looks = dialect.matches(text, formatPatterns[format]);
  if (format !== 'date' && format !== 'timestamp') return looks;
  return `(${looks} AND ${dialect.read(text, 'text', format)} IS NOT NULL)`;
}

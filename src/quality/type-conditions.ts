/** When a value cannot be read as the type the contract names without losing something. */
import type { TypeConformity } from './check.ts';
import type { Dialect, Operand } from './dialect.ts';
import { formatPatterns } from './formats.ts';

export function typeViolation(dialect: Dialect, check: TypeConformity, { sql, kind }: Operand): string {
  const text = dialect.asText(sql, kind);
  const unlessMatches = (condition: string): string => `(${sql} IS NOT NULL AND NOT coalesce(${condition}, false))`;
  switch (check.logicalType) {
    case 'string':
      return 'false';
    case 'integer':
      if (kind === 'integer') return 'false';
      if (kind === 'decimal' || kind === 'float')
        return `(${sql} <> floor(${sql}) OR ${notFinite(dialect, sql, kind)})`;
      // 12.0 is a whole number too.
      return unlessMatches(dialect.matches(text, '^\\s*[+-]?[0-9]+(?:\\.0*)?\\s*$'));
    case 'number':
      if (kind === 'integer' || kind === 'decimal') return 'false';
      if (kind === 'float') return notFinite(dialect, sql, kind);
      return unlessMatches(dialect.matches(text, withSpace(formatPatterns.number)));
    case 'boolean':
      if (kind === 'boolean') return 'false';
      return unlessMatches(dialect.matches(text, '^\\s*(?i:true|false|0|1)\\s*$'));
    case 'date':
      if (check.format !== undefined && kind === 'text') return `NOT ${orNull(dialect, sql, check.format)}`;
      if (kind === 'date') return 'false';
      if (kind === 'timestamp' || kind === 'timestamptz') {
        const moment = dialect.read(sql, kind, 'timestamp');
        return `${moment} <> CAST(${moment} AS DATE)`;
      }
      return unlessMatches(
        `${dialect.matches(text, formatPatterns.date)} AND ${dialect.read(text, 'text', 'date')} IS NOT NULL`,
      );
    case 'timestamp':
      if (check.format !== undefined && kind === 'text') return `NOT ${orNull(dialect, sql, check.format)}`;
      if (kind === 'date' || kind === 'timestamp' || kind === 'timestamptz') return 'false';
      return unlessMatches(
        `(${dialect.matches(text, formatPatterns.timestamp)} OR ${dialect.matches(text, formatPatterns.date)}) AND ${dialect.read(text, 'text', 'timestamp')} IS NOT NULL`,
      );
    case 'time':
      if (check.format !== undefined && kind === 'text') return `NOT ${orNull(dialect, sql, check.format)}`;
      return kind === 'time' ? 'false' : unlessMatches(dialect.matches(text, formatPatterns.time));
  }
}

/** True for NULL, which violates nothing. */
function orNull(dialect: Dialect, sql: string, format: string): string {
  return `(${sql} IS NULL OR ${dialect.isWrittenAs(sql, format)})`;
}

/** A float that is NaN or infinite is no number that could be stored elsewhere. */
function notFinite(dialect: Dialect, sql: string, kind: Operand['kind']): string {
  return kind === 'float' ? `NOT ${dialect.isFinite(sql)}` : 'false';
}

function withSpace(pattern: string): string {
  return `^\\s*${pattern.slice(1, -1)}\\s*$`;
}
